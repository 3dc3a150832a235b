from pathlib import Path

import numpy as np

from assistant.reading.weights import tokenizer
from tests.training.pool.conftest import OPENS, PAGE, QUESTION, SPAN
from training.data.item import item
from training.pool.arrays import ANSWERED, NOT_ANSWERED, UNLABELLED, Pool, sequences
from training.pool.build import Builder, Forms
from training.pool.page_context import PageIndex
from training.pool.tensors import Tensors


def texts(pool: Pool, form: int) -> list[str]:
    made = sequences(pool)
    ids = [made.ids[made.start[i] :][: made.length[i]].tolist() for i in pool.readings[:, form]]
    return [tokenizer().decode(one, skip_special_tokens=False) for one in ids]


def test_a_reading_is_what_the_assistant_reads(pool: Pool) -> None:
    assert texts(pool, 0)[0] == f"[CLS] {QUESTION.lower()} [SEP] harbour town {OPENS.lower()} [SEP]"


def test_a_library_holds_the_paragraphs_around_it_too(pool: Pool) -> None:
    whole = " ".join(PAGE).lower()
    assert texts(pool, 1)[0] == f"[CLS] {QUESTION.lower()} [SEP] harbour town {whole} [SEP]"


def test_beside_what_does_not_answer_is_nothing_that_may(pool: Pool) -> None:
    kinds = [str(pool.kinds[one]) for one in pool.kind]
    assert OPENS.lower() not in texts(pool, 1)[kinds.index("neighbour")]


def test_accepted_answers_stand_where_they_are_said_to(pool: Pool, tensors: Tensors) -> None:
    made = sequences(pool)
    for reading in pool.readings[0]:
        ((start, end),) = tensors.accepted(int(reading))
        assert tokenizer().decode(made.ids[made.start[reading] :][start : end + 1].tolist()) == "six"


def test_what_nobody_labelled_is_not_called_unanswered(pool: Pool) -> None:
    labels = {str(pool.kinds[k]): pool.label[r] for k, r in zip(pool.kind, pool.readings[:, 0], strict=True)}
    assert (labels["unlabelled"], labels["neighbour"]) == (UNLABELLED, NOT_ANSWERED)
    assert pool.label[pool.readings[0]].tolist() == [ANSWERED, ANSWERED]


def test_a_long_passage_is_read_where_its_answer_is() -> None:
    text = "It rains. " * 100 + OPENS
    shift = len(text) - len(OPENS)
    builder = Builder(tokenizer(), PageIndex([]), Forms(window=20), 7)
    builder.add([item("asked", "town", QUESTION, text, [(SPAN[0] + shift, SPAN[1] + shift)])])
    pool = builder.pool()
    assert pool.pieces[0, 2] == 20
    assert pool.label.tolist() == [ANSWERED, ANSWERED]


def test_a_pool_is_read_as_it_was_written(pool: Pool, tmp_path: Path) -> None:
    pool.save(tmp_path / "pool.npz")
    again = Pool.load(tmp_path / "pool.npz")
    assert np.array_equal(sequences(again).ids, sequences(pool).ids)
