"""Request models and their bounds, the same for Python, HTTP and the command line."""

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

MAX_CHECKED = 50_000  # characters of a text to check, which take a minute or two

Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
QuestionParameter = Annotated[Question, Field(description="One question, in full.")]
QueryParameter = Annotated[Question, Field(description="Words or a question.")]
FiltersParameter = Annotated[
    Filters | None,
    Field(
        description="Which articles to look in; all of them by default. "
        "`metadata` takes conditions: `section = Sport and year >= 2016`."
    ),
]
CheckedText = Annotated[
    str, Field(min_length=1, max_length=MAX_CHECKED, pattern=r"\S", description="The text to check, as it stands.")
]
TopK = Annotated[int, Field(ge=1, le=50, strict=True, description="Passages to look at."), WholeNumber]

AskedMode = Literal["auto", "extractive", "generative", "digest"]

MAX_ARTICLES = 100  # that the citations of one request may refer to, because each is read
MAX_QUOTED_CHARACTERS = 250_000  # in the quotes of one request, which take ten seconds to find at worst

_SHORT_REPR = reprlib.Repr()
_SHORT_REPR.maxstring = _SHORT_REPR.maxother = 120
_EXPECTED = {
    "bool_parsing": "true or false",
    "extra_forbidden": "no field of this name",
    "float_parsing": "a number",
    "int_parsing": "a whole number",
    "missing": "a value",
    "model_attributes_type": "an object",
}
_MESSAGE_PREFIX = re.compile(r"^\w+ should (be|have|match) |^Value error, ")


class Request(BaseModel):
    """A request from outside: unknown fields and lone surrogates are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, **values: object) -> Self:
        """Validate values as a request.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise invalid_input(error.errors()) from None

    @model_validator(mode="after")
    def _is_unicode(self) -> Self:
        for name in type(self).model_fields:
            for text in _texts(getattr(self, name)):
                reject_lone_surrogates(name, text)
        return self


class Message(Request):
    """A turn of a conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class AskRequest(Request):
    """A question and how to answer it."""

    question: QuestionParameter
    history: Annotated[
        tuple[Message, ...] | None,
        Field(
            max_length=20,
            description="The conversation so far: what a follow-up leaves open is filled in from it.",
        ),
    ] = None
    top_k: TopK = 8
    filters: FiltersParameter = None
    mode: Annotated[
        AskedMode,
        Field(
            description="`auto`: with a language model where one is configured, else the articles' own sentences. "
            "`digest`: the central sentences of the article that is meant, or of what is found."
        ),
    ] = "auto"
    stream: Annotated[StrictBool, Field(description="Server-sent events instead of one JSON body.")] = False
    explain: Annotated[StrictBool, Field(description="Say how the answer, or the abstention, came about.")] = False


class SearchRequest(Request):
    """A query to find passages for, in words or as a question."""

    query: QueryParameter
    top_k: TopK = 8
    filters: FiltersParameter = None
    group: Annotated[StrictBool, Field(description="Only the best passage of each article.")] = False
    explain: Annotated[StrictBool, Field(description="Say why each passage was found.")] = False


class LikeRequest(Request):
    """An article, and how many that are like it are wanted."""

    article_id: str
    top_k: TopK = 8
    filters: FiltersParameter = None


class CheckRequest(Request):
    """A text whose sentences are to be checked: a draft, a summary, another model's answer."""

    text: CheckedText
    filters: FiltersParameter = None
    stream: Annotated[StrictBool, Field(description="Server-sent events instead of one JSON body.")] = False


class ExamplesRequest(Request):
    """Which example questions are wanted."""

    limit: Annotated[int, Field(ge=1, le=10, description="The most questions.")] = 4
    article_id: Annotated[str | None, Field(description="The article that answers them.")] = None


class VerifyRequest(Request):
    """Stored citations to check."""

    citations: Annotated[
        tuple[StoredCitation, ...],
        Field(
            min_length=1,
            max_length=1000,
            description=f"As they were received: of at most {MAX_ARTICLES} articles, "
            f"with {MAX_QUOTED_CHARACTERS} characters of quotes in all.",
        ),
    ]

    @model_validator(mode="after")
    def _is_within_limits(self) -> Self:
        articles = len({citation.article_id for citation in self.citations})
        quoted = sum(len(citation.quote) for citation in self.citations)
        if articles > MAX_ARTICLES or quoted > MAX_QUOTED_CHARACTERS:
            raise InvalidInput(
                "These are too many citations for one request.",
                expected=f"at most {MAX_ARTICLES} articles, and {MAX_QUOTED_CHARACTERS} characters in all quotes",
                got=f"{articles} articles, and {quoted} characters",
                hint="Send them in several requests.",
            )
        return self


def invalid_input(
    errors: Sequence[Mapping[str, Any]], hint: str = "The fields and their bounds are listed at /docs."
) -> InvalidInput:
    """Return an InvalidInput for pydantic's validation errors: the first in full, the others by field."""
    first, *others = errors
    name, *more = [".".join(map(str, error["loc"])) or "request" for error in errors]
    return InvalidInput(
        f"`{name}` is not right" + (f", nor is `{'`, `'.join(more[:5])}`." if others else "."),
        expected=_EXPECTED.get(first["type"]) or _MESSAGE_PREFIX.sub("", first["msg"]),
        got="nothing" if first["type"] == "missing" else _SHORT_REPR.repr(first["input"]),
        hint=hint,
    )


def _texts(value: object) -> Iterator[str]:
    """Yield every string in a value."""
    match value:
        case str():
            yield value
        case BaseModel():
            yield from _texts(list(value.__dict__.values()))
        case list() | tuple():
            for one in value:
                yield from _texts(one)
