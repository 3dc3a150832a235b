import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import ReaderUnavailable
from assistant.grounding.checker import PairChecker
from assistant.grounding.entailment import Checker, Thresholds, thresholds
from assistant.grounding.language import is_english
from evals.data.collection import SHIPPED
from training.entailment.thresholds import support_of_pair

PAIRS = [json.loads(line) for line in (SHIPPED / "checker.jsonl").read_text(encoding="utf-8").splitlines()]
CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, a senior State "
    "Department official said, after Kerry threatened last week to walk away from the talks."
)
# The most false pairs that leave and the most true ones that are lost, of 50 each of the split ``report``.
MEASURED = {thresholds().small: (2, 35), thresholds().careful: (5, 16)}


LOW = Thresholds(supported=0.5, contradicted=0.5)


def supports(checker: Checker, sentence: str, cited: str, *, answers: bool = False) -> bool:
    return checker.support(sentence, [cited], answers=answers) != [None]


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry last spoke to Sergei Lavrov on Saturday.",
        "Kerry threatened last week to walk away from the talks.",
        CITED,
    ],
)
def test_a_sentence_that_leaves_something_out_is_supported(checker: Checker, sentence: str, *, answers: bool) -> None:
    (score,) = checker.with_thresholds(LOW).support(sentence, [CITED], answers=answers)
    assert score is not None
    assert 0.95 < score <= 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry did not speak to Sergei Lavrov on Saturday.",
        "Sergei Lavrov threatened last week to walk away from the talks.",
        "Kerry spoke to Sergei Lavrov on Saturday about the price of oil and gas.",
        "Kerry first spoke to Sergei Lavrov on Saturday.",
    ],
)
def test_a_sentence_of_the_same_words_with_another_meaning_is_not_supported(checker: Checker, sentence: str) -> None:
    assert not supports(checker, sentence, CITED)
    assert not supports(checker, sentence, CITED, answers=True)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Price will not run and Hall will run for mayor.", "Price will not run and Hall will not run for mayor."),
        ("The minister did not say that he did resign.", "The minister did not say that he did not resign."),
        ("The bank did not deny that the loan was not repaid.", "The bank did not deny that the loan was repaid."),
        ("The language of the engine is C.", "The language of the engine is C++."),
        ("The temperature fell to 5 degrees.", "The temperature fell to -5 degrees."),
    ],
)
def test_a_sentence_that_lacks_a_negation_or_a_sign_is_not_supported(
    checker: Checker, sentence: str, cited: str
) -> None:
    assert not supports(checker, sentence, cited)
    assert not supports(checker, sentence, cited, answers=True)


def test_marks_and_case_alone_change_nothing(checker: Checker) -> None:
    assert checker.support("The KX-4 costs 4.50 euros, he said", ["“The KX-4 costs 4.50 euros”, he said. 🏰"]) == [1.0]


def test_a_threat_that_a_long_sentence_tells_of_is_not_supported_as_done(
    checker: Checker, request: pytest.FixtureRequest
) -> None:
    if checker.is_careful:
        request.applymarker(pytest.mark.xfail(reason="supported at .997: assistant/grounding/weights/README.md"))
    assert not supports(checker, "Kerry walked away from the talks last week.", CITED)
    assert not supports(checker, "Kerry walked away from the talks last week.", CITED, answers=True)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The mill closed in May.", "The mill plans to close in May."),
        ("The minister resigned on Monday.", "The minister threatened on Monday to resign."),
        ("The firm bought the bank.", "The firm tried to buy the bank."),
        ("The officials reached a deal.", "The officials failed to reach a deal."),
        ("Kerry walked away from the talks.", "Kerry threatened last week to walk away from the talks."),
        ("The end of the talks triggers a war.", "The end of the talks could trigger a war."),
        ("The end of the talks triggers no war.", "The end of the talks triggers a war."),
        ("It snowed in early winter.", "It snowed in late winter."),
        ("The letter went from Lavrov to Kerry.", "The letter went from Kerry to Lavrov."),
        ("The castle was built in 1320.", "Some scholars believe that the castle was built in 1320."),
        ("The mill will close in May.", "The mill will close in May unless the town buys it."),
        ("The mill has closed.", "It is false that the mill has closed."),
        ("The mill will close in May.", "A rival claims that the mill will close in May."),
        ("The workers were paid.", "None of the workers were paid."),
        ("Oil rose by 3.5 percent in May.", "Oil rose by 5.3 percent in May."),
    ],
)
def test_what_its_source_plans_limits_denies_attributes_or_exchanges_is_not_supported(
    checker: Checker, sentence: str, cited: str
) -> None:
    assert not supports(checker, sentence, cited)


def test_a_sentence_of_an_answer_is_worded_as_its_source_and_has_its_names(small_checker: Checker) -> None:
    cited = "The police of Rome arrested two men on Monday."
    sure = small_checker.with_thresholds(Thresholds(supported=1e-9, contradicted=0.5))
    for sentence in (
        "The police of Rome detained two men on Monday.",
        "The police of Italy arrested two men on Monday.",
    ):
        assert supports(sure, sentence, cited)
        assert not supports(sure, sentence, cited, answers=True)


def test_of_many_texts_the_careful_network_reads_those_that_the_small_one_finds_likely(checker: Checker) -> None:
    sentence = "Kerry last spoke to Sergei Lavrov on Saturday."
    others = [f"Kerry spoke to a farmer of Ohio on day {i} of his journey." for i in range(4)]
    found = checker.with_thresholds(LOW).support(sentence, [*others, CITED, *others])
    assert [i for i, score in enumerate(found) if score is not None] == [len(others)]


def test_of_the_pairs_that_are_only_reported_few_false_ones_leave(checker: Checker) -> None:
    report = [pair for pair in PAIRS if pair["split"] == "report"]
    passed = Counter(pair["supported"] for pair in report if support_of_pair(checker, pair["claim"], pair["source"]))
    most_false, most_lost = MEASURED[checker.thresholds]
    assert passed[False] <= most_false
    assert passed[True] >= 50 - most_lost


def test_the_pairs_are_half_true_in_each_split() -> None:
    counts = Counter((pair["split"], pair["supported"]) for pair in PAIRS)
    assert counts == {(split, supported): 50 for split in ("choose", "report") for supported in (True, False)}
    assert len({pair["id"] for pair in PAIRS}) == 200


@pytest.mark.parametrize("text", ["Der Rat hat den Bau nicht genehmigt.", "Le ministre n'a pas signé la loi."])
def test_a_sentence_of_a_language_that_was_not_measured_leaves_only_verbatim(checker: Checker, text: str) -> None:
    assert not is_english(text)
    assert not supports(checker, text, f"{text} Foo.")


def test_short_english_without_frequent_words_is_english() -> None:
    assert is_english("Apple grew.")


def test_the_careful_checker_without_its_base_model_is_an_error_that_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ReaderUnavailable) as caught:
        Checker.choose("careful")
    assert "assistant reader install" in caught.value.hint
    assert Checker.choose(None).thresholds == thresholds().small


def test_no_text_is_read_for_a_sentence_without_texts() -> None:
    def never() -> None:
        raise AssertionError

    assert Checker(PairChecker(never), thresholds().small).support("Kerry spoke.", []) == []  # type: ignore[arg-type]
