import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.entailment import _RULES, WINDOW, align, carries, entailment, features, fitted, lawful, windows
from assistant.grounding.facts import missing

CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, a senior State "
    "Department official said, after Kerry threatened last week to walk away from the talks."
)


def test_the_weights_are_those_of_the_signals_and_point_where_the_signals_do() -> None:
    weights = fitted().model.weights
    assert weights.keys() == features("Kerry spoke.", CITED).keys()
    assert all(weights[name] <= 0 for name in ("facts_missing", "negated", "hedged", "opposed"))
    assert 0 < fitted().threshold < 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry last spoke to Sergei Lavrov on Saturday.",
        "Kerry threatened last week to walk away from the talks.",
        CITED,
    ],
)
def test_what_was_left_out_does_no_harm(sentence: str) -> None:
    score = carries(sentence, CITED)
    assert score is not None
    assert score >= fitted().threshold


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
def test_a_sentence_of_the_same_words_that_says_something_else_is_not_carried(sentence: str) -> None:
    assert carries(sentence, CITED) is None


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The end of the talks triggers a war.", "The end of the talks could trigger a war."),
        ("The end of the talks triggers no war.", "The end of the talks triggers a war."),
        ("It snowed in early winter.", "It snowed in late winter."),
    ],
)
def test_no_score_is_high_enough_where_the_meaning_is_turned_round(sentence: str, cited: str) -> None:
    assert not lawful(sentence, cited)


@pytest.mark.parametrize(
    ("rule", "sentence", "cited"),
    [
        ("turns", "The end of the talks triggers a war.", "The end of the talks could trigger a war."),
        ("foreign", "Kerry spoke to Lavrov about oil.", "Kerry spoke to Lavrov about the talks."),
        ("unattributed", "The castle was built in 1320.", "Some scholars believe that the castle was built in 1320."),
        ("mixes", "The minister left a treaty.", "The minister spoke on Saturday. The president left a treaty."),
        ("usurps", "An official spoke to Lavrov.", "Kerry spoke to Lavrov, an official said."),
        ("swaps", "The letter went from Lavrov to Kerry.", "The letter went from Kerry to Lavrov."),
    ],
)
def test_each_rule_forbids_what_no_other_does(rule: str, sentence: str, cited: str) -> None:
    assert not missing(sentence, cited)
    assert [one.__name__ for one in _RULES if one(sentence, cited)] == [rule]
    assert not lawful(sentence, cited)


def test_a_text_is_carried_where_each_of_its_sentences_is() -> None:
    true, false = "Kerry last spoke to Sergei Lavrov on Saturday.", "Bread bakes for forty minutes."
    assert entailment(f"{true} {false}", [CITED]) < entailment(false, [CITED]) < entailment(true, [CITED])
    assert entailment(true, ["Bread bakes.", CITED]) == entailment(true, [CITED])
    assert entailment(true, []) == 0


def test_a_sentence_is_aligned_to_the_fewest_neighbours_that_have_its_words() -> None:
    source = ["It rained.", "Kerry spoke to Lavrov.", "He threatened to leave.", "It rained."]
    assert align("Kerry spoke.", source) == (1, 2)
    assert align("Kerry threatened to leave.", source) == (1, 3)


def test_the_shortest_place_that_may_carry_a_sentence_is_looked_at_first() -> None:
    source = ["Talks with Lavrov collapsed.", "Kerry suspended the treaty.", "It rained."]
    assert windows("Kerry suspended the treaty with Lavrov.", source) == [(1, 2), (0, 2)]


@given(st.text(), st.lists(st.text(), max_size=6))
def test_every_score_is_a_probability_and_every_window_is_inside(sentence: str, passages: list[str]) -> None:
    assert 0 <= entailment(sentence, passages) <= 1
    first, last = align(sentence, passages)
    assert 0 <= first <= last <= len(passages)
    assert last - first <= WINDOW
