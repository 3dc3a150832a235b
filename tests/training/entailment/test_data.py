import random

import pytest

from training.entailment.data import answers, deletions
from training.entailment.data.alterations import merged, voice
from training.entailment.data.amounts import respelt
from training.entailment.data.attempts import attempts
from training.entailment.data.cues import cues
from training.entailment.data.files import closest, plain
from training.entailment.data.measured import windows
from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, NOT_SUPPORTED, SUPPORTED
from training.entailment.data.source import Source

MAYOR = Source("The mayor will open the bridge.", ("It rained.",), ("The governor was ill.",), "page")
OTHERS = (Source("The river was high.", (), (), "page"),)


@pytest.mark.parametrize("seed", range(20))
def test_a_frame_that_does_not_state_its_sentence_is_never_labelled_as_if_it_did(seed: int) -> None:
    made = list(deletions.wrapped(MAYOR, OTHERS, random.Random(seed)))
    dropped = [classes for _, sentence, classes, kind in made if sentence == MAYOR.text and kind.split("_")[0] in _LOST]
    assert dropped
    assert not any(classes & SUPPORTED for classes in dropped)
    assert any(classes == SUPPORTED for *_, classes, _ in made)


_LOST = {"denied", "attributed", "conditional", "possible"}


def test_an_adverb_that_denies_contradicts_the_sentence_without_it() -> None:
    made = [one for seed in range(40) for one in deletions.adverbs(MAYOR, random.Random(seed))]
    assert ("The mayor will never open the bridge.", MAYOR.text, CONTRADICTED, "adverb_dropped") in made
    assert ("The mayor will soon open the bridge.", MAYOR.text, SUPPORTED, "adverb_dropped") in made


def test_a_failure_contradicts_what_was_tried_and_a_success_supports_it() -> None:
    source = Source("Smith moved the boxes to Leeds.", (), (), "page")
    made = {kind: (text, sentence, classes) for text, sentence, classes, kind in attempts(source, random.Random(1))}
    assert made["attempt_failed"][1:] == (source.text, CONTRADICTED)
    assert "move the boxes" in made["attempt_failed"][0]
    assert made["attempt_done"][1:] == (source.text, SUPPORTED)


def test_who_said_so_what_is_denied_and_what_only_could_be_are_not_left_out() -> None:
    said = Source("The owner said that the mill could close in May.", (), (), "page")
    made = {(sentence, classes, kind) for _, sentence, classes, kind in cues(said, random.Random(1))}
    assert ("The mill could close in May.", NEUTRAL, "reported_dropped") in made
    assert ("According to The owner, the mill could close in May.", SUPPORTED, "reported_kept") in made
    assert ("The owner said that the mill will close in May.", NEUTRAL, "could_dropped") in made
    denied = Source("The mill did not close in May.", (), (), "page")
    assert ("The mill did close in May.", CONTRADICTED, "not_dropped") in {
        one[1:] for one in cues(denied, random.Random(1))
    }


def test_the_active_voice_says_the_same_with_the_roles_in_their_places() -> None:
    source = Source("The town was burned by raiders in 1403.", (), (), "page")
    made = list(voice(source, random.Random(1)))
    assert (source.text, "Raiders burned the town in 1403.", SUPPORTED, "voice") in made
    assert (source.text, "The town burned raiders in 1403.", NOT_SUPPORTED, "voice_swapped") in made


def test_the_subject_of_one_sentence_does_not_do_what_the_next_says() -> None:
    made = {sentence: classes for _, sentence, classes, kind in merged(MAYOR, (), random.Random(1)) if kind == "merged"}
    assert not made["The mayor was ill."] & SUPPORTED


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("It cost $45 million.", {"It cost $45m.", "It cost 45 mln dlrs.", "It cost 45 million dollars."}),
        ("It opened on 3 March 1984.", {"It opened on March 3, 1984.", "It opened on 1984-03-03."}),
        ("It fell by 25 percent.", {"It fell by 25%.", "It fell by a quarter.", "It fell by twenty-five percent."}),
        ("It began at 5 p.m. sharp.", {"It began at 17:00 sharp.", "It began at 5pm sharp."}),
        ("It was founded in 1984.", {"It was founded in 1984."}),
    ],
)
def test_an_amount_is_spelt_in_other_ways(text: str, forms: set[str]) -> None:
    assert forms <= {respelt(text, random.Random(seed)) for seed in range(200)}


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Who wrote the book?", "Stoker", "Stoker wrote the book."),
        ("What was the name of the ship?", "the Vasa", "The Vasa was the name of the ship."),
        ("When was the bridge built?", "1932", "The bridge was built in 1932."),
        ("Why did he leave?", "hunger", None),
    ],
)
def test_a_question_and_its_answer_make_a_statement(question: str, answer: str, told: str | None) -> None:
    assert answers.statement(question, answer) == told


def test_of_a_long_premise_the_part_with_the_sentences_words_is_read() -> None:
    text = "Nothing was said. " * 90 + "The zebra slept. " + "Nobody came. " * 90
    assert "zebra" in closest(text, "A zebra slept.", 20)
    assert plain("Paris -LRB- France -RRB- is nice .") == "Paris (France) is nice."


def test_windows_hold_every_sentence_and_overlap() -> None:
    source = [f"Sentence {i} has a few more words." for i in range(60)]
    found = windows(source)
    assert all(any(one in window for window in found) for one in source)
    assert len(found) > 2
