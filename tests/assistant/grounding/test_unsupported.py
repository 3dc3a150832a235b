from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.unsupported import units, unsupported_spans
from tests.assistant.grounding.test_facts import CITED


@pytest.mark.parametrize(
    ("sentence", "unsupported"),
    [
        ("Kerry spoke to Lavrov on Tuesday.", ["Tuesday"]),
        ("Kerry spoke to Sergei Putin in Geneva on Saturday.", ["Putin", "Geneva"]),
        ("The US spent $1.2 billion on 11 million people.", ["$1.2 billion"]),
        ("It began on 13 March 2016 at 7 p.m. with a parade.", ["began", "13 March 2016", "7 p.m.", "parade"]),
        ("Eleven million people slept badly.", ["slept badly"]),
        ("Fifty-one per cent stayed.", ["Fifty-one per cent"]),
        ("Kerry spoke against Lavrov.", ["against"]),
        ("Lavrov spoke to Kerry on Saturday.", ["Lavrov spoke to Kerry on Saturday."]),
    ],
)
def test_words_without_a_counterpart_are_unsupported(sentence: str, unsupported: list[str]) -> None:
    assert [span.cut(sentence) for span in unsupported_spans(sentence, CITED)] == unsupported


def test_nothing_supports_the_words_of_a_sentence_when_there_is_no_text() -> None:
    sentence = "In May the mill in Lund will close."
    assert [span.cut(sentence) for span in unsupported_spans(sentence, "")] == ["May", "mill", "Lund", "close"]


WORDS = st.lists(st.sampled_from(["Kerry", "May", "12", "%", "3 May 2016", "Five", "-", "well-known", "é", ",", "[1]"]))


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_the_spans_are_inside_the_sentence_in_order_and_apart(sentence: str, cited: str) -> None:
    found = units(sentence)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(sentence[one.start : one.end] == one.text for one in found)
    spans = unsupported_spans(sentence, cited)
    assert spans
    assert all(one.end < other.start for one, other in pairwise(spans))
    assert all(0 <= span.start <= span.end <= len(sentence) for span in spans)
