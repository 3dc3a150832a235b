import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evals.data.collection import Folder
from training.data.rows import PAGES, READING, load

CONTEXT = "The mill opened in 1904. It burnt down in 1911."


def squad(title: str, *answers: dict[str, Any]) -> dict[str, Any]:
    asked = [{"id": "1", "question": f"When did the mill of {title} open?", "answers": list(answers)}]
    return {"title": title, "paragraphs": [{"context": f"{CONTEXT} {title}.", "qas": asked}]}


def row(**values: Any) -> dict[str, Any]:
    return {
        "context": CONTEXT,
        "question": "When did it open?",
        "answers": [{"text": "1904", "start": 19}],
        "answerable": True,
        "title": "Mill",
        "source": "a",
    } | values


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Ten pages in each file in SQuAD's format, and one question in each other file."""
    for file in PAGES:
        pages = [squad(f"{file} {number}", {"text": "1904", "answer_start": 19}) for number in range(10)]
        (tmp_path / f"{file}.json.gz").write_bytes(gzip.compress(json.dumps({"data": pages}).encode()))
    (tmp_path / "reading").mkdir()
    for file in READING:
        write(tmp_path, file, row(context=f"{CONTEXT} {file}"))
    return Folder(tmp_path)


def write(folder: Path, file: str, *rows: dict[str, Any]) -> None:
    lines = "\n".join(json.dumps(one) for one in rows)
    (folder / "reading" / f"{file}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def test_every_span_is_an_answer_and_no_held_out_page_is_trained_on(folder: Folder) -> None:
    train, kept = load(folder)
    assert {answer for one in [*train, *kept] for answer in one.answers} == {"1904"}
    assert {one.page for one in train}.isdisjoint({one.page for one in kept})
    assert {one.file for one in kept} == set(PAGES)
    assert {one.file for one in train} == {*PAGES, *READING}


def test_a_span_that_may_be_another_occurrence_is_left_out(folder: Folder) -> None:
    assert folder.path is not None
    pages = [squad("twice", {"text": "1904", "answer_start": 19, "occurrences": 2})]
    (folder.path / "squad2_train9.json.gz").write_bytes(gzip.compress(json.dumps({"data": pages}).encode()))
    train, kept = load(folder)
    assert not [one for one in [*train, *kept] if one.file == "squad2_train9"]


def test_yes_and_no_are_neither_spans_nor_the_lack_of_one(folder: Folder) -> None:
    assert folder.path is not None
    denied = row(question="Does it say why?", answers=[], answerable=False)
    write(folder.path, "condaqa", row(answers=[], label="YES"), denied)
    train, _ = load(folder)
    assert [(one.question, one.spans) for one in train if one.file == "condaqa"] == [("Does it say why?", ())]


def test_escaped_quotation_marks_are_put_right_and_spans_move_with_them(folder: Folder) -> None:
    assert folder.path is not None
    context = "The miller\\'s wife left in 1904."
    escaped = row(context=context, question='Who ""left""?', answers=[{"text": "1904", "start": context.index("1904")}])
    write(folder.path, "qadiscourse", escaped)
    (one,) = (one for one in load(folder)[0] if one.file == "qadiscourse")
    assert (one.context, one.question, one.answers) == ("The miller's wife left in 1904.", 'Who "left"?', ["1904"])


def test_a_file_that_forbids_it_is_not_read() -> None:
    read = {*PAGES, *READING}
    assert not {name for name in read if name.endswith("_measure")}
    assert read.isdisjoint({"contrast_quoref_ropes", "policyqa_devtest"})
