import math
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import ExtraMissing
from evals.metrics.ranking import per_query


def test_the_measures_agree_with_an_example_worked_by_hand() -> None:
    # Wanted: a and c (grade 1). Ranked: b a d c, so the hits stand at ranks 2 and 4.
    values = {m: v["q"] for m, v in per_query({"q": {"a": 1, "c": 1}}, {"q": ["b", "a", "d", "c"]}).items()}
    assert values["R@1"] == 0
    assert values["R@5"] == 1
    assert values["RR@10"] == pytest.approx(1 / 2)
    assert values["AP@100"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    ideal = 1 / math.log2(2) + 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_a_question_for_which_nothing_was_found_counts_as_zero() -> None:
    values = per_query({"found": {"a": 1}, "lost": {"b": 1}}, {"found": ["a"]})
    assert values["RR@10"] == {"found": 1.0, "lost": 0.0}


def test_a_document_found_twice_counts_at_its_best_rank() -> None:
    values = per_query({"q": {"b": 1}}, {"q": ["a", "a", "b", "b"]})
    assert values["RR@10"]["q"] == pytest.approx(1 / 2)


@settings(max_examples=25)
@given(st.permutations([f"d{i:02}" for i in range(12)]))
def test_the_order_given_is_the_order_measured(ranked: list[str]) -> None:
    rank = ranked.index("d03") + 1
    values = per_query({"q": {"d03": 1}}, {"q": ranked})
    assert values["RR@10"]["q"] == pytest.approx(1 / rank if rank <= 10 else 0.0)
    assert values["R@5"]["q"] == float(rank <= 5)
    assert values["AP@100"]["q"] == pytest.approx(1 / rank)


def test_without_ir_measures_the_error_names_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(ExtraMissing) as caught:
        per_query({"q": {"a": 1}}, {"q": ["a"]})
    assert caught.value.got == "no package `ir_measures`"
    assert 'pip install "cited-articles[evals]"' in caught.value.hint
