from collections import Counter

import pytest

from assistant.grounding.contradiction import contradiction_score
from assistant.grounding.entailment import Checker
from tests.assistant.grounding.test_entailment import PAIRS

CITED = "The ferry to Vinga left Gothenburg on 3 May 2016 with 340 passengers and 12 cars, its owner said."


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry to Vinga left Gothenburg with 430 passengers.",
        "The ferry left on 3 June 2016.",
        "The ferry to Vinga left Gothenburg in 2015.".replace("in 2015", "on 3 May 2015"),
        "The ferry to Vinga left Gothenburg with 340 passengers and two cars.",
        "The ferry to Vinga left Oslo on 3 May 2016.",
    ],
)
def test_another_number_date_or_name_in_an_otherwise_equal_sentence_contradicts(
    checker: Checker, sentence: str
) -> None:
    assert contradiction_score(sentence, CITED, checker)


@pytest.mark.parametrize("sentence", ["Die Fähre hatte 430 Passagiere.", "Färjan hade 430 passagerare."])
def test_another_number_contradicts_in_any_language(checker: Checker, sentence: str) -> None:
    assert contradiction_score(sentence, sentence.replace("430", "340"), checker) == 1.0


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry to Vinga left Gothenburg with 340 passengers.",
        "The ferry to Vinga left Gothenburg in May.",
        "The ferry had a crew of 20.",
        "The ferry to Vinga left Gothenburg with 340 passengers and 20 bicycles.",
        "The ferry to Vinga was built in 1971.",
        "The bakery sold 500 loaves.",
    ],
)
def test_what_the_text_says_or_does_not_speak_of_is_not_contradicted(checker: Checker, sentence: str) -> None:
    assert contradiction_score(sentence, CITED, checker) is None


def test_what_the_text_negates_is_contradicted(checker: Checker) -> None:
    assert contradiction_score("The ferry sank off Vinga.", "The ferry never sank off Vinga.", checker)


def test_of_the_shipped_pairs_no_true_one_is_contradicted(checker: Checker) -> None:
    contradicted = Counter(
        (pair["split"], pair["supported"])
        for pair in PAIRS
        if contradiction_score(pair["claim"], pair["source"], checker)
    )
    assert (contradicted["choose", True], contradicted["report", True]) == (0, 0)
    assert min(contradicted["choose", False], contradicted["report", False]) >= 12
