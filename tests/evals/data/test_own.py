from pathlib import Path

import pytest

from evals.data.own import SCHEMA, read_questions, schema
from evals.errors import MalformedQuestions


def questions_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_question_alone_is_enough(tmp_path: Path) -> None:
    ((number, question),) = read_questions(questions_file(tmp_path, '{"question": "When?"}\n\n'))
    assert number == 1
    assert (question.question, question.answerable, question.answers) == ("When?", True, ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Invalid JSON"),
        ('["When?"]', "object"),
        ('{"question": ""}', "question: String should have at least 1 character"),
        ('{"question": "When?", "answer": "now"}', "answer: Extra inputs are not permitted"),
        ('{"question": "When?", "answerable": false, "answers": ["now"]}', "neither answers nor a quote"),
        ('{"question": "When?", "quote": "now"}', "article_id or url"),
    ],
    ids=["torn", "list", "empty", "unknown field", "contradiction", "quote of nothing"],
)
def test_the_error_for_an_invalid_line_names_it(tmp_path: Path, line: str, said: str) -> None:
    path = questions_file(tmp_path, '{"question": "Who?"}\n' + line + "\n")
    with pytest.raises(MalformedQuestions, match=r"^Line 2 of ") as caught:
        read_questions(path)
    assert said in caught.value.got
    assert "questions.schema.json" in caught.value.hint


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_a_question_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MalformedQuestions, match="no question"):
        read_questions(questions_file(tmp_path, text))


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(MalformedQuestions, match=r"nowhere\.jsonl"):
        read_questions(tmp_path / "nowhere.jsonl")


def test_the_shipped_schema_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema()
