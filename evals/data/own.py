"""The user's own questions: JSON lines, validated with errors that name the line."""

import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.errors import MalformedQuestions

SCHEMA = Path(__file__).parent.parent / "questions.schema.json"
_HINT = "evals/questions.schema.json describes a line; `assistant eval --suggest 5` prints examples from your articles."


class OwnQuestion(BaseModel):
    """A line of a questions file. The more fields it has, the more strictly the answer is checked."""

    model_config = ConfigDict(extra="forbid", title="Question", frozen=True)

    question: str = Field(min_length=1, max_length=2000, description="As a reader would ask it.")
    answers: tuple[str, ...] = Field((), description="Accepted short answers; one must stand in what is cited.")
    article_id: str | None = Field(None, description="The article that answers it, by id (`assistant list`).")
    url: str | None = Field(None, description="The article that answers it, by its web address.")
    quote: str | None = Field(None, min_length=1, description="Characters of that article that carry the answer.")
    answerable: bool = Field(True, description="False when the right reaction is to abstain.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.answerable and (self.answers or self.quote):
            raise ValueError("a question that is not answerable has neither answers nor a quote")
        if self.quote is not None and self.article_id is None and self.url is None:
            raise ValueError("a quote needs the article_id or url of the article that it is from")
        return self


def read_questions(path: Path) -> list[tuple[int, OwnQuestion]]:
    """Return the questions of a file with their line numbers. Blank lines are ignored.

    Raises:
        MalformedQuestions: The file cannot be read, or a line is not a question.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedQuestions(
            f"The questions in {path} cannot be read.",
            expected="a UTF-8 file of JSON lines",
            got=str(error),
            hint=_HINT,
        ) from error
    questions = [(number, _parse(path, number, line)) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise MalformedQuestions(
            f"There is no question in {path}.", expected="one JSON object a line", got="no lines", hint=_HINT
        )
    return questions


def schema() -> str:
    """Return the JSON schema of a line, which ships as ``questions.schema.json``."""
    return json.dumps(OwnQuestion.model_json_schema(), indent=2) + "\n"


def _parse(path: Path, number: int, line: str) -> OwnQuestion:
    try:
        return OwnQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise MalformedQuestions(
            f"Line {number} of {path} is not a question.",
            expected="one JSON object with a `question`, and with the fields of the schema only",
            got=(f"{place}: " if place else "") + f"{first['msg']} in {line.strip()[:80]!r}",
            hint=_HINT,
        ) from error
