"""Request and response bodies of the HTTP API, which ``--json`` prints too.

``assistant.answer`` has the models of answers, and ``assistant.request`` those of questions.
"""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from assistant.request import Request
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.json_types import Day
from embeddings.outcome import Outcome

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from embeddings.storage.snapshot import ArticleSummary

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


_BODIES = ("text", "html", "markdown")
_NEEDED: dict[str, tuple[str, ...]] = dict.fromkeys(_BODIES, ()) | {"url": (*_BODIES, "title", "source", "published")}


def _form(needed: str, absent: tuple[str, ...]) -> JsonValue:
    """Return the JSON Schema of a request with one field and without others."""
    properties: dict[str, JsonValue] = {name: {"type": "null"} for name in absent}
    properties[needed] = {"type": "string"}
    return {"required": [needed], "properties": properties}


class ArticleRequest(Request):
    """An article to add: one of ``text``, ``html`` and ``markdown`` with its metadata, or a ``url`` to fetch."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [_form(needed, absent) for needed, absent in _NEEDED.items()]}
    )

    text: Annotated[str | None, Field(description="The body as plain text; blank lines separate paragraphs.")] = None
    html: Annotated[str | None, Field(description="A whole HTML page, from which the article is extracted.")] = None
    markdown: Annotated[str | None, Field(description="The body as CommonMark.")] = None
    url: Annotated[Line | None, Field(description="Where the original is; the article's id comes from it.")] = None
    title: Annotated[Line | None, Field(description="Derived from the text if it is not given.")] = None
    source: Annotated[Line | None, Field(description="Who published it.")] = None
    published: Annotated[Day | None, Field(description="The day it was published.")] = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        given = [name for name in _BODIES if getattr(self, name) is not None]
        if len(given) != 1 and not self.is_fetched:
            raise InvalidInput(
                "An article has one body.",
                expected="exactly one of text, html and markdown, or a url alone",
                got=" and ".join(given) or "none of them",
                hint="Send the body in the field that names its kind, or only the address to fetch it from.",
            )
        return self

    @property
    def is_fetched(self) -> bool:
        """True if only the address is given."""
        return self.model_dump(exclude_none=True).keys() == {"url"}


class ArticleReply(_Reply):
    """An article's metadata, without its text."""

    id: Annotated[str, Field(description="Stays the same as long as the article's URL or path does.")]
    revision: Annotated[str, Field(description="sha256 of the text.")]
    title: str
    url: str | None
    source: str | None
    published: date | None
    authors: tuple[str, ...]
    language: str | None
    characters: Annotated[int, Field(ge=0, description="Length of the text, in Unicode code points.")]
    passages: Annotated[int, Field(ge=0, description="Number of passages of the text.")]
    metadata: dict[str, JsonValue]

    @classmethod
    def of(cls, listed: "ArticleSummary", **fields: object) -> Self:
        """Return the reply for an article in the library, with additional fields of a subclass."""
        counts = {"characters": listed.characters, "passages": listed.passages}
        return cls.model_validate(listed.article.model_dump() | counts | fields)


class ArticleWithText(ArticleReply):
    """An article with its text."""

    text: Annotated[str, Field(description="The body; offset 0 is its first character.")]

    @classmethod
    def read(cls, article_id: str, assistant: "Assistant") -> Self:
        """Return the article with this id.

        Raises:
            ArticleNotFound: there is no such article.
        """
        article = assistant.get(article_id)
        passages = assistant.library.entry(article_id).passages
        counts = {"characters": len(article.text), "passages": passages}
        return cls.model_validate(article.model_dump() | counts)


class ArticleList(_Reply):
    """A page of the list of articles."""

    articles: tuple[ArticleReply, ...]
    next_cursor: Annotated[str | None, Field(description="Send it as `cursor` for the next page; null on the last.")]

    @classmethod
    def of(
        cls, assistant: "Assistant", limit: int, cursor: str | None, query: str = "", *, newest_first: bool = False
    ) -> Self:
        """Return one page, from the cursor on, of the articles that match a query."""
        articles, next_cursor = assistant.library.entries(limit, cursor, query, newest_first=newest_first)
        return cls(articles=tuple(map(ArticleReply.of, articles)), next_cursor=next_cursor)


class Added(_Reply):
    """The outcome of adding an article."""

    article: ArticleReply
    outcome: Literal["added", "replaced", "unchanged"]

    @classmethod
    def of(cls, outcome: "Outcome", assistant: "Assistant") -> Self:
        """Return the reply for an article that is in the library now."""
        article = ArticleReply.of(assistant.library.entry(outcome.article_id or ""))
        return cls.model_validate({"article": article, "outcome": outcome.status})


class SyncReport(_Reply):
    """What became of the articles of a source: how many there are of each kind, and all but the unchanged ones."""

    source: str
    dry_run: bool
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    outcomes: tuple[Outcome, ...]


class ErrorDetail(_Reply):
    """An error: what was expected, what came, and what to do next."""

    code: Annotated[str, Field(description="Stable, for programs.")]
    message: str
    expected: str
    got: str
    hint: str


class ErrorReply(_Reply):
    """The body of every error, on every route."""

    error: ErrorDetail

    @classmethod
    def of(cls, error: ArticleAssistantError) -> Self:
        """Return the body for an error, with long fields truncated and lone surrogates escaped."""
        fields = {name: _truncate(getattr(error, name)) for name in ErrorDetail.model_fields}
        return cls.model_validate({"error": fields})


def _truncate(text: str, length: int = 500) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= length else text[: length - 1] + "…"
