"""Short results of the MCP tools: what a model needs in order to answer and to cite, and nothing twice."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Citation, Location, Reason, SearchReply
from assistant.check import CheckReply
from assistant.doors.abstention import answer_text
from assistant.grounding.links import read_link
from embeddings.storage.snapshot import ArticleSummary
from embeddings.text.article import Span

_Reply = TypeVar("_Reply", bound="LeanReply")
_MAX_TITLE = 100  # characters


class LeanReply(BaseModel):
    """A reply in which what is not known, or empty, is left out."""

    model_config = ConfigDict(frozen=True)

    left_out: int | None = None
    notices: tuple[str, ...] | None = None


class LeanSentence(BaseModel):
    """A sentence and the ids of its citations; of a checked one also its verdict and what has no support."""

    model_config = ConfigDict(frozen=True)

    text: str
    verdict: str | None = None
    unsupported: tuple[str, ...] | None = None
    citations: tuple[str, ...] | None = None


class LeanPlace(BaseModel):
    """A citation or a passage. The title of its article comes with the first one of the article."""

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    title: str | None = None
    link: str
    quote: str | None = None
    text: str | None = None


class LeanAnswer(LeanReply):
    """An answer or an abstention."""

    abstained: bool
    reason: Reason | None = None
    answer: str | None = None
    confidence: float | None = None
    sentences: tuple[LeanSentence, ...] | None = None
    citations: tuple[LeanPlace, ...] | None = None

    @classmethod
    def of(cls, answer: Answer, most: int | None) -> Self:
        """Return the reply for an answer, within ``most`` characters as far as a sentence is left."""

        def build(count: int) -> LeanAnswer:
            sentences = answer.sentences[:count]
            cited = {name for sentence in sentences for name in sentence.citations}
            citations = [one for one in answer.citations if one.id in cited or not answer.sentences]
            return cls(
                abstained=answer.abstained,
                reason=answer.reason,
                answer=None if sentences else answer_text(answer),
                confidence=None if answer.confidence is None else round(answer.confidence, 2),
                sentences=tuple(LeanSentence(text=one.text, citations=one.citations) for one in sentences) or None,
                citations=tuple(_places(citations)) or None,
                left_out=len(answer.sentences) - len(sentences) or None,
                notices=answer.notices or None,
            )

        return _within(most, len(answer.sentences), build)  # type: ignore[return-value]


class LeanPassages(LeanReply):
    """The passages of a search, best first."""

    passages: tuple[LeanPlace, ...]

    @classmethod
    def of(cls, reply: SearchReply, most: int | None, base_url: str) -> Self:
        """Return the reply for a search, within ``most`` characters; if one passage is longer, its beginning."""

        def build(count: int) -> LeanPassages:
            passages = reply.passages[:count]
            places = tuple(_places(passages, text=True))
            return cls(passages=places, left_out=len(reply.passages) - count or None, notices=reply.notices or None)

        found = _within(most, len(reply.passages), build)
        if most is not None and reply.passages and (excess := len(dumped(found)) - most) > 0:
            first = reply.passages[0]
            text = first.text[: max(1, len(first.text) - excess - 10)].rsplit(None, 1)[0]
            span = Span(start=first.start, end=first.start + len(text))
            place = found.passages[0].model_copy(
                update={"text": text, "link": read_link(base_url, first.article_id, span)}
            )
            found = found.model_copy(update={"passages": (place,)})
        return found  # type: ignore[return-value]


class LeanCheck(LeanReply):
    """The sentences of a text with their verdicts."""

    sentences: tuple[LeanSentence, ...]
    citations: tuple[LeanPlace, ...] | None = None

    @classmethod
    def of(cls, reply: CheckReply, text: str) -> Self:
        """Return the reply for the check of a text."""
        sentences = tuple(
            LeanSentence(
                text=one.text,
                verdict=one.verdict,
                unsupported=tuple(span.cut(text) for span in one.unsupported) or None,
                citations=one.citations or None,
            )
            for one in reply.sentences
        )
        citations = tuple(_places(reply.citations, quote=True)) or None
        return cls(sentences=sentences, citations=citations, notices=reply.notices or None)


class LeanEntry(BaseModel):
    """An article of the list."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    source: str | None = None
    published: str | None = None


class LeanList(LeanReply):
    """A page of the list of articles."""

    articles: tuple[LeanEntry, ...]
    next_cursor: str | None = None

    @classmethod
    def of(cls, entries: Iterable[ArticleSummary], next_cursor: str | None) -> Self:
        """Return the reply for a page."""
        articles = tuple(
            LeanEntry(
                id=one.article.id,
                title=_short(one.article.title),
                source=one.article.source,
                published=one.article.published and one.article.published.isoformat(),
            )
            for one in entries
        )
        return cls(articles=articles, next_cursor=next_cursor)


def dumped(reply: BaseModel) -> str:
    """Return a reply as the JSON that a model reads."""
    return reply.model_dump_json(exclude_none=isinstance(reply, LeanReply))


def _within(most: int | None, count: int, build: Callable[[int], _Reply]) -> _Reply:
    """Return what is built from as many items as fit, but from one at least."""
    for kept in range(count, 1, -1):
        reply = build(kept)
        if most is None or len(dumped(reply)) <= most:
            return reply
    return build(min(count, 1))


def _places(places: Iterable[Location], *, text: bool = False, quote: bool = False) -> Iterator[LeanPlace]:
    named = set[str]()
    for one in places:
        yield LeanPlace(
            id=None if text else one.id,
            title=None if one.article_id in named else _short(one.title),
            link=one.link,
            quote=one.quote if quote and isinstance(one, Citation) and one.verdict != "verbatim" else None,
            text=getattr(one, "text", None),
        )
        named.add(one.article_id)


def _short(title: str) -> str:
    return title if len(title) <= _MAX_TITLE else title[: _MAX_TITLE - 1] + "…"
