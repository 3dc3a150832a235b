"""The reader's answers, as pairs that the checker learns from."""

import random
from pathlib import Path

from assistant.reading.reader import Readers
from training.data import item
from training.entailment.data import short_answers
from training.entailment.data.pairs import NOT_SUPPORTED, SUPPORTED

PASSAGE = "The mill was built by Karl Huber in 1904. It was sold in 1931 to the town of Chur."


def test_an_answer_is_supported_where_it_is_the_accepted_one_alone() -> None:
    reader = Readers.choose("small").all[-1]
    start = PASSAGE.index("Karl Huber")
    right = item.item("asked", "file", "Who built the mill?", PASSAGE, [(start, start + 10)])
    wrong = item.item("twins", "file", "Who painted the mill?", PASSAGE)
    ((premise, told, classes, kind, place),) = short_answers.pairs(right, reader, random.Random(1))
    assert (told, classes, kind, place) == ("Who built the mill? Karl Huber.", SUPPORTED, "answer_asked", "file")
    assert "Karl Huber" in premise
    assert [one.classes for one in short_answers.pairs(wrong, reader, random.Random(1))] == [NOT_SUPPORTED]


def test_a_wrong_answer_is_not_supported_and_the_accepted_one_is() -> None:
    reader = Readers.choose("small").all[-1]
    start = PASSAGE.index("Chur")
    asked = item.item("asked", "file", "Who built the mill?", PASSAGE, [(start, start + 4)])
    found = {one.sentence: one.classes for one in short_answers.pairs(asked, reader, random.Random(1))}
    assert found == {"Who built the mill? Karl Huber.": NOT_SUPPORTED, "Who built the mill? Chur.": SUPPORTED}


def test_the_pairs_of_all_parts_are_read(tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    examples.mkdir()
    item.write(
        [item.item("asked", "file", f"Who built mill {i}?", PASSAGE) for i in range(4)], examples / "asked.jsonl"
    )
    for part in range(2):
        short_answers.main(examples, tmp_path / "pairs", part, 2)
    assert len(list(short_answers.load(tmp_path / "pairs"))) == 4
    assert not list(short_answers.load(tmp_path / "nothing"))
