import pytest

from evals.metrics.rouge import rouge


def test_the_same_words_score_one_and_other_words_nothing() -> None:
    assert rouge("The cats sat down.", "the cat sat down") == {"rouge1": 1, "rouge2": 1, "rougeL": 1}
    assert rouge("", "a cat") == rouge("dogs bark", "a cat") == {"rouge1": 0, "rouge2": 0, "rougeL": 0}


def test_each_measure_is_the_f1_of_what_is_common() -> None:
    """Four words in common, two of three bigrams, and two words in the same order."""
    scores = rouge("police killed the gunman", "the gunman police killed")
    assert scores == {"rouge1": 1, "rouge2": pytest.approx(2 / 3), "rougeL": pytest.approx(1 / 2)}
