from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.reading import agrees, contains_answer, exact_match, f1, normalise


def test_text_is_normalised_as_the_official_script_does() -> None:
    assert normalise("The  Cat's \n(an) answer, a B.") == "cats answer b"


def test_f1_agrees_with_an_example_worked_by_hand() -> None:
    # "late October 1973" against "October 1973": two of three words, two of two words.
    assert f1("late October 1973", ["October 1973"]) == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))


def test_the_best_of_several_accepted_answers_counts() -> None:
    assert exact_match("1973", ["October 1973", "1973"]) == 1
    assert f1("1973", ["October 1973", "1973"]) == 1


@pytest.mark.parametrize("score", [exact_match, f1])
def test_abstaining_is_right_only_when_there_is_no_answer(score: Callable[[str | None, list[str]], float]) -> None:
    assert score(None, []) == 1
    assert score(None, ["1973"]) == 0
    assert score("1973", []) == 0


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_f1_is_between_exact_match_and_one(answer: str, accepted: list[str]) -> None:
    assert exact_match(answer, accepted) <= f1(answer, accepted) <= 1


def test_an_answer_is_contained_as_whole_words_only() -> None:
    assert contains_answer("It began in October, 1973.", ["october 1973"])
    assert not contains_answer("It cost 19730 dollars.", ["1973"])
    assert not contains_answer("Nothing to see.", ["", "the"])


def test_an_answer_agrees_with_an_accepted_one_that_is_in_it_or_that_it_is_in() -> None:
    assert agrees("on Tuesday, 3 May", ["Tuesday"])
    assert agrees("May", ["3 May", "Tuesday"])
    assert not agrees("3", ["30 May"])
    assert not agrees("", ["May"])
