import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.spans import Region, span_score


@st.composite
def regions(draw: st.DrawFn, least: int = 0) -> list[Region]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 20)), min_size=least, max_size=5)
    )
    return [Region(document, start, start + length) for document, start, length in pairs]


def characters(of: list[Region]) -> set[tuple[str, int]]:
    return {(region.document, place) for region in of for place in range(region.start, region.end)}


@given(regions(), regions(least=1))
def test_scores_are_those_of_counting_single_characters(cited: list[Region], wanted: list[Region]) -> None:
    score = span_score(cited, wanted)
    a, b = characters(cited), characters(wanted)
    assert score.recall == pytest.approx(len(a & b) / len(b))
    assert score.iou == pytest.approx(len(a & b) / len(a | b))
    assert score.precision == (pytest.approx(len(a & b) / len(a)) if a else None)


@given(regions(least=1))
def test_citing_exactly_what_is_wanted_scores_one(wanted: list[Region]) -> None:
    assert span_score(list(reversed(wanted)), wanted) == (1.0, 1.0, 1.0)


def test_the_same_offsets_in_another_article_score_nothing() -> None:
    assert span_score([Region("a", 0, 9)], [Region("b", 0, 9)]) == (0.0, 0.0, 0.0)


def test_recall_without_gold_characters_is_an_error() -> None:
    with pytest.raises(ValueError, match="wanted"):
        span_score([Region("a", 0, 9)], [])
