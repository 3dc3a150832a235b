import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.entailment import (
    MAX_WINDOW,
    RULES,
    best_window,
    candidate_windows,
    entailment_features,
    entailment_model,
    entailment_score,
    passes_rules,
    support_score,
)
from assistant.grounding.facts import missing_facts

CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, a senior State "
    "Department official said, after Kerry threatened last week to walk away from the talks."
)


def test_every_feature_has_a_weight_of_the_right_sign() -> None:
    weights = entailment_model().model.weights
    assert weights.keys() == entailment_features("Kerry spoke.", CITED).keys()
    assert all(weights[name] <= 0 for name in ("facts_missing", "negated", "hedged", "opposed"))
    assert 0 < entailment_model().threshold < 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry last spoke to Sergei Lavrov on Saturday.",
        "Kerry threatened last week to walk away from the talks.",
        CITED,
    ],
)
def test_a_sentence_that_leaves_something_out_is_supported(sentence: str) -> None:
    score = support_score(sentence, CITED)
    assert score is not None
    assert score >= entailment_model().threshold


@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry did not speak to Sergei Lavrov on Saturday.",
        "Sergei Lavrov threatened last week to walk away from the talks.",
        "Kerry walked away from the talks last week.",
        "Kerry spoke to Sergei Lavrov on Saturday about the price of oil and gas.",
        "Kerry first spoke to Sergei Lavrov on Saturday.",
        "A senior State Department official last spoke to Sergei Lavrov on Saturday.",
    ],
)
def test_a_sentence_of_the_same_words_with_another_meaning_is_not_supported(sentence: str) -> None:
    assert support_score(sentence, CITED) is None


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The end of the talks triggers a war.", "The end of the talks could trigger a war."),
        ("The end of the talks triggers no war.", "The end of the talks triggers a war."),
        ("It snowed in early winter.", "It snowed in late winter."),
    ],
)
def test_a_sentence_of_opposite_polarity_breaks_the_rules(sentence: str, cited: str) -> None:
    assert not passes_rules(sentence, cited)


@pytest.mark.parametrize(
    ("rule", "sentence", "cited"),
    [
        ("polarity_differs", "The end of the talks triggers a war.", "The end of the talks could trigger a war."),
        ("adds_unsupported_word", "Kerry spoke to Lavrov about oil.", "Kerry spoke to Lavrov about the talks."),
        (
            "drops_attribution",
            "The castle was built in 1320.",
            "Some scholars believe that the castle was built in 1320.",
        ),
        (
            "mixes_sentences",
            "The minister left a treaty.",
            "The minister spoke on Saturday. The president left a treaty.",
        ),
        ("changes_agent", "An official spoke to Lavrov.", "Kerry spoke to Lavrov, an official said."),
        ("swaps_names", "The letter went from Lavrov to Kerry.", "The letter went from Kerry to Lavrov."),
    ],
)
def test_each_rule_forbids_what_no_other_rule_does(rule: str, sentence: str, cited: str) -> None:
    assert not missing_facts(sentence, cited)
    assert [one.__name__ for one in RULES if one(sentence, cited)] == [rule]
    assert not passes_rules(sentence, cited)


def test_the_score_of_a_text_depends_on_each_of_its_sentences() -> None:
    true, false = "Kerry last spoke to Sergei Lavrov on Saturday.", "Bread bakes for forty minutes."
    assert (
        entailment_score(f"{true} {false}", [CITED])
        < entailment_score(false, [CITED])
        < entailment_score(true, [CITED])
    )
    assert entailment_score(true, ["Bread bakes.", CITED]) == entailment_score(true, [CITED])
    assert entailment_score(true, []) == 0


def test_a_sentence_is_aligned_to_the_fewest_neighbours_that_have_its_words() -> None:
    source = ["It rained.", "Kerry spoke to Lavrov.", "He threatened to leave.", "It rained."]
    assert best_window("Kerry spoke.", source) == (1, 2)
    assert best_window("Kerry threatened to leave.", source) == (1, 3)


def test_candidate_windows_come_shortest_first() -> None:
    source = ["Talks with Lavrov collapsed.", "Kerry suspended the treaty.", "It rained."]
    assert candidate_windows("Kerry suspended the treaty with Lavrov.", source) == [(1, 2), (0, 2)]


@given(st.text(), st.lists(st.text(), max_size=6))
def test_every_score_is_a_probability_and_every_window_is_inside(sentence: str, passages: list[str]) -> None:
    assert 0 <= entailment_score(sentence, passages) <= 1
    first, last = best_window(sentence, passages)
    assert 0 <= first <= last <= len(passages)
    assert last - first <= MAX_WINDOW
