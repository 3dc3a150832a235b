import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.wording import (
    changes_agent,
    drops_attribution,
    has_other_words,
    is_of_one_place,
    mixes_sentences,
    swaps_names,
)
from embeddings.text.sentences import sentence_spans

REJECTED = "A senior State Department official rejected links between the suspension and the treaty."
KIRBY = "Kirby said the US would continue to communicate with the Russian military."
WITHDRAW = "But he said the US would withdraw all personnel."
SPOKE = "Kerry spoke to Lavrov on Saturday."
PUTIN = "Putin suspended a treaty with Washington."


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        (
            "The US was shifting blame onto Moscow.",
            "Zakharova told Russian media the US was shifting blame onto Moscow.",
        ),
        ("The castle was built in 1320.", "Some scholars believe that the castle was built in 1320."),
        ("There is little hope of peace.", "The collapse suggests there is little hope of peace."),
    ],
)
def test_a_reported_statement_is_not_stated_as_a_fact(sentence: str, cited: str) -> None:
    assert drops_attribution(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Zakharova said the US was shifting blame.", "Zakharova told Russian media the US was shifting blame."),
        ("Kerry spoke to Lavrov on Saturday.", "Kerry spoke to Lavrov on Saturday, an official said, after the talks."),
        ("The US was shifting blame.", "The US was shifting blame. Zakharova said the US was shifting blame."),
        ("Zakharova is a spokeswoman.", "Zakharova, a spokeswoman, said the US was shifting blame."),
    ],
)
def test_the_attribution_may_be_dropped_if_the_text_states_it_too(sentence: str, cited: str) -> None:
    assert not drops_attribution(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("A senior State Department official said the US would continue to communicate.", f"{REJECTED} {KIRBY}"),
        ("Kerry suspended a treaty with Washington.", f"{SPOKE} {PUTIN}"),
        ("Kerry spoke to Lavrov and suspended a treaty.", f"{SPOKE} {PUTIN}"),
        ("A senior State Department official said the US would withdraw personnel.", f"{REJECTED} {KIRBY} {WITHDRAW}"),
    ],
)
def test_a_subject_does_not_get_the_action_of_another_sentence(sentence: str, cited: str) -> None:
    assert mixes_sentences(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Kirby said the US would continue to communicate.", f"{REJECTED} {KIRBY}"),
        ("Kirby said the US would continue to communicate and withdraw all personnel.", f"{KIRBY} {WITHDRAW}"),
        ("Kerry spoke to Lavrov on Saturday, and Putin suspended a treaty.", f"{SPOKE} {PUTIN}"),
        (SPOKE, SPOKE),
    ],
)
def test_sentences_may_be_joined_if_each_keeps_its_subject(sentence: str, cited: str) -> None:
    assert not mixes_sentences(sentence, cited)


CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, an official "
    "said, after Kerry threatened last week to walk away."
)


@pytest.mark.parametrize(
    "sentence", ["Sergei Lavrov threatened last week to walk away.", "An official last spoke to Sergei Lavrov."]
)
def test_an_action_after_one_name_is_not_given_to_another(sentence: str) -> None:
    assert changes_agent(sentence, CITED)


@pytest.mark.parametrize(
    "sentence",
    ["Kerry threatened to walk away.", "John Kerry last spoke to Lavrov on Saturday.", "Kerry walked.", CITED],
)
def test_the_agent_of_the_cited_text_may_act(sentence: str) -> None:
    assert not changes_agent(sentence, CITED)


@pytest.mark.parametrize("sentence", ["Lavrov spoke to Kerry.", "Sergei Lavrov spoke to Kerry on Saturday."])
def test_two_names_are_not_swapped(sentence: str) -> None:
    assert swaps_names(sentence, "Kerry spoke to Sergei Lavrov on Saturday.")
    assert not swaps_names("Kerry spoke to Lavrov.", "Kerry spoke to Sergei Lavrov on Saturday.")


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The letter went from Lavrov to Kerry.", "The letter went from Kerry to Lavrov."),
        ("An official spoke to Lavrov.", "Kerry spoke to Lavrov, an official said."),
        ("Kerry spoke to Lavrov about oil.", "Kerry spoke to Lavrov about the talks."),
        ("The castle was built in 1320.", "Some scholars believe that the castle was built in 1320."),
        ("The minister left a treaty.", "The minister spoke on Saturday. The president left a treaty."),
    ],
)
def test_each_rule_forbids_a_sentence(sentence: str, cited: str) -> None:
    assert not is_of_one_place(sentence, cited)


def test_another_form_of_a_word_is_no_other_word() -> None:
    assert not has_other_words("The suspended treaty.", "The suspension of treaties.")


@given(st.text())
def test_no_text_breaks_a_rule_against_itself(text: str) -> None:
    assert not changes_agent(text, text)
    assert not swaps_names(text, text)
    assert not drops_attribution(text, text)
    assert not has_other_words(text, text)
    for span in sentence_spans(text):
        assert not mixes_sentences(span.cut(text), span.cut(text))
