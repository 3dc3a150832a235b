import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.clauses import foreign, mixes, swaps, unattributed, usurps
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
def test_what_is_only_said_is_not_stated_as_a_fact(sentence: str, cited: str) -> None:
    assert unattributed(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Zakharova said the US was shifting blame.", "Zakharova told Russian media the US was shifting blame."),
        ("Kerry spoke to Lavrov on Saturday.", "Kerry spoke to Lavrov on Saturday, an official said, after the talks."),
        ("The US was shifting blame.", "The US was shifting blame. Zakharova said the US was shifting blame."),
        ("Zakharova is a spokeswoman.", "Zakharova, a spokeswoman, said the US was shifting blame."),
    ],
)
def test_who_said_it_may_be_left_out_where_the_text_tells_it_too(sentence: str, cited: str) -> None:
    assert not unattributed(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("A senior State Department official said the US would continue to communicate.", f"{REJECTED} {KIRBY}"),
        ("Kerry suspended a treaty with Washington.", f"{SPOKE} {PUTIN}"),
        ("Kerry spoke to Lavrov and suspended a treaty.", f"{SPOKE} {PUTIN}"),
        ("A senior State Department official said the US would withdraw personnel.", f"{REJECTED} {KIRBY} {WITHDRAW}"),
    ],
)
def test_the_subject_of_one_sentence_does_not_do_what_another_one_tells(sentence: str, cited: str) -> None:
    assert mixes(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Kirby said the US would continue to communicate.", f"{REJECTED} {KIRBY}"),
        ("Kirby said the US would continue to communicate and withdraw all personnel.", f"{KIRBY} {WITHDRAW}"),
        ("Kerry spoke to Lavrov on Saturday, and Putin suspended a treaty.", f"{SPOKE} {PUTIN}"),
        (SPOKE, SPOKE),
    ],
)
def test_sentences_may_be_joined_where_each_keeps_its_subject(sentence: str, cited: str) -> None:
    assert not mixes(sentence, cited)


CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, an official "
    "said, after Kerry threatened last week to walk away."
)


@pytest.mark.parametrize(
    "sentence", ["Sergei Lavrov threatened last week to walk away.", "An official last spoke to Sergei Lavrov."]
)
def test_nobody_does_what_stands_behind_the_name_of_another(sentence: str) -> None:
    assert usurps(sentence, CITED)


@pytest.mark.parametrize(
    "sentence",
    ["Kerry threatened to walk away.", "John Kerry last spoke to Lavrov on Saturday.", "Kerry walked.", CITED],
)
def test_whoever_acts_in_the_text_may_act(sentence: str) -> None:
    assert not usurps(sentence, CITED)


@pytest.mark.parametrize("sentence", ["Lavrov spoke to Kerry.", "Sergei Lavrov spoke to Kerry on Saturday."])
def test_who_did_it_and_to_whom_is_not_swapped(sentence: str) -> None:
    assert swaps(sentence, "Kerry spoke to Sergei Lavrov on Saturday.")
    assert not swaps("Kerry spoke to Lavrov.", "Kerry spoke to Sergei Lavrov on Saturday.")


@given(st.text())
def test_no_sentence_breaks_a_rule_before_itself(text: str) -> None:
    assert not usurps(text, text)
    assert not unattributed(text, text)
    assert not foreign(text, text)
    assert not swaps(text, text)
    for span in sentence_spans(text):
        assert not mixes(span.cut(text), span.cut(text))
