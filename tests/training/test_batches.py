import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.weights import tokenizer
from training.batches import Batches
from training.examples import Example, Reading

BATCHES = Batches(tokenizer(), window=20, seed=1)


@given(st.integers(0, 60))
def test_a_window_of_a_long_passage_holds_the_answer(before: int) -> None:
    passage = f"{'word ' * before}the answer {'word ' * (60 - before)}"
    start = passage.index("the answer")
    example = Example("What is it?", (Reading("", passage, ((start, start + len("the answer")),)),))
    (batch,) = BATCHES.of([example], 8)
    assert batch.inside.sum() <= 20
    assert batch.starts.sum() == batch.ends.sum() == 1
    first, last = batch.starts[0].nonzero().item(), batch.ends[0].nonzero().item()
    assert tokenizer().decode(batch.ids[0, first : last + 1].tolist()) == "the answer"


def test_readings_of_like_length_share_a_batch() -> None:
    short, long = Reading("", "A few words."), Reading("", "Many more words than there were in the other one. " * 4)
    parts = BATCHES.of([Example("What?", (short, long)), Example("Who?", (long, short))], 2)
    assert [part.ids.shape[0] for part in parts] == [2, 2]
    assert [part.owner.tolist() for part in parts] == [[0, 1], [0, 1]]
    assert parts[0].ids.shape[1] < parts[1].ids.shape[1]


@pytest.mark.parametrize("heading", ["", "Bakeries"])
def test_no_answer_is_looked_for_in_question_or_heading(heading: str) -> None:
    (batch,) = BATCHES.of([Example("Bread?", (Reading(heading, "Bread and butter."),))], 1)
    assert tokenizer().decode(batch.ids[0][batch.inside[0]].tolist()) == "bread and butter."
