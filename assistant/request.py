"""What may be asked: requests with their bounds, the same for Python, HTTP and the command line."""

import re
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError, model_validator

from assistant.grounding.verification import StoredCitation
from embeddings.errors import InvalidInput
from embeddings.filters import Filters
from embeddings.json_types import WholeNumber
from embeddings.text.article import reject_lone_surrogates

Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
OneQuestion = Annotated[Question, Field(description="One question, in full.")]
Query = Annotated[Question, Field(description="Words or a question.")]
Where = Annotated[Filters | None, Field(description="Which articles to look in; all of them by default.")]


TopK = Annotated[int, Field(ge=1, le=50, strict=True, description="Passages to look at."), WholeNumber]

MOST_ARTICLES = 100  # whose citations one request may hold: each is read
MOST_QUOTED = 250_000  # characters of the quotes of one request: each is looked for, in about ten seconds at the worst

_BRIEF = reprlib.Repr()
_BRIEF.maxstring = _BRIEF.maxother = 120
_EXPECTED = {
    "extra_forbidden": "no field of this name",
    "missing": "a value",
    "model_attributes_type": "an object",
}
_SHOULD = re.compile(r"^\w+ should (be|have|match) |^Value error, ")


class Request(BaseModel):
    """Values from outside: nothing unknown, and no half characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, **values: object) -> Self:
        """The request with these values.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise invalid(error.errors()) from None

    @model_validator(mode="after")
    def _is_unicode(self) -> Self:
        for name in type(self).model_fields:
            for text in _texts(getattr(self, name)):
                reject_lone_surrogates(name, text)
        return self


class Message(Request):
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class AskRequest(Request):
    """A question, and how to answer it."""

    question: OneQuestion
    history: Annotated[
        tuple[Message, ...] | None,
        Field(
            max_length=20,
            description="The conversation so far: what a follow-up leaves open is filled in from it.",
        ),
    ] = None
    top_k: TopK = 8
    filters: Where = None
    mode: Annotated[
        Literal["auto", "extractive", "generative"],
        Field(description="`auto`: with a language model where one is configured, else the articles' own sentences."),
    ] = "auto"
    stream: Annotated[StrictBool, Field(description="Server-sent events instead of one JSON body.")] = False
    explain: Annotated[StrictBool, Field(description="Say how the answer, or the abstention, came about.")] = False


class SearchRequest(Request):
    """Words or a question to find passages for."""

    query: Query
    top_k: TopK = 8
    filters: Where = None
    explain: Annotated[StrictBool, Field(description="Say why each passage was found.")] = False


class VerifyRequest(Request):
    """Stored citations to look at again."""

    citations: Annotated[
        tuple[StoredCitation, ...],
        Field(
            min_length=1,
            max_length=1000,
            description=f"As they were received: of at most {MOST_ARTICLES} articles, with {MOST_QUOTED} characters of "
            "quotes in all.",
        ),
    ]

    @model_validator(mode="after")
    def _can_be_looked_at(self) -> Self:
        articles = len({citation.article_id for citation in self.citations})
        quoted = sum(len(citation.quote) for citation in self.citations)
        if articles > MOST_ARTICLES or quoted > MOST_QUOTED:
            raise InvalidInput(
                "These are too many citations for one request.",
                expected=f"at most {MOST_ARTICLES} articles, and {MOST_QUOTED} characters in all quotes",
                got=f"{articles} articles, and {quoted} characters",
                hint="Send them in several requests.",
            )
        return self


def invalid(
    errors: Sequence[Mapping[str, Any]], hint: str = "The fields and their bounds are listed at /docs."
) -> InvalidInput:
    """One InvalidInput for what pydantic found wrong; the first finding in full, the others by name."""
    first, *others = errors
    name, *more = [".".join(map(str, error["loc"])) or "request" for error in errors]
    return InvalidInput(
        f"`{name}` is not right" + (f", nor is `{'`, `'.join(more[:5])}`." if others else "."),
        expected=_EXPECTED.get(first["type"]) or _SHOULD.sub("", first["msg"]),
        got="nothing" if first["type"] == "missing" else _BRIEF.repr(first["input"]),
        hint=hint,
    )


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case BaseModel():
            yield from _texts(list(value.__dict__.values()))
        case list() | tuple():
            for one in value:
                yield from _texts(one)
