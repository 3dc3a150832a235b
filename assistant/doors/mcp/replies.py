"""Results of the MCP tools, limited in length so that a model can read them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer, Citation, Confidence, Reason, Sentence
from assistant.doors.abstention import abstention_text
from assistant.doors.schemas import ArticleReply
from assistant.grounding.links import read_link
from assistant.grounding.location import location_fields
from assistant.settings import Settings
from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span

MAX_PORTION = 20_000  # characters of an article; clients truncate at 25,000 tokens, and a result has the text twice


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class AnswerReply(_Reply):
    """An answer or an abstention, without passages, which ``search_articles`` returns."""

    id: str
    answer: Annotated[str | None, Field(description="The sentences joined by one space; null when abstained.")]
    short_answer: Annotated[str | None, Field(description="The answer in a few words, where it is known.")]
    abstained: Annotated[bool, Field(description="True: the articles do not say. Do not fill the gap.")]
    reason: Annotated[Reason | None, Field(description="Why it abstained.")]
    abstention: Annotated[
        str | None,
        Field(
            exclude_if=lambda value: value is None,
            description="In words: why it abstained, what was looked for and which article is nearest.",
        ),
    ] = None
    confidence: Confidence
    dropped_sentences: Annotated[int, Field(ge=0, description="Sentences that failed the check and were left out.")]
    notices: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return the reply for an answer."""
        abstention = abstention_text(answer) if answer.abstained else None
        return cls.model_validate(answer.model_dump(include=set(cls.model_fields)) | {"abstention": abstention})


class ArticlePortion(ArticleReply):
    """An article or a part of it."""

    start: Annotated[int, Field(ge=0, description="Where `text` begins in the article.")]
    end: Annotated[int, Field(ge=0, description="Where it ends; there is more when this is less than `characters`.")]
    text: Annotated[str, Field(description="The characters from `start` to `end`.")]


class SearchResult(_Reply):
    """One result of ``search``."""

    id: Annotated[str, Field(description="What `fetch` takes.")]
    title: str
    url: Annotated[str, Field(description="Opens the article at the passage; cite this.")]


class SearchResults(_Reply):
    """The results of ``search``, best first."""

    results: tuple[SearchResult, ...]


class Document(_Reply):
    """The result of ``fetch``: the article of a search result."""

    id: str
    title: str
    text: str
    url: Annotated[str, Field(description="Opens the article at the passage; cite this.")]
    metadata: dict[str, str | int]

    @classmethod
    def of(cls, document_id: str, article: Article, passage: Span | None, settings: Settings) -> Self:
        """Return the article, or if it is long the part around the passage, whose offsets are in ``metadata``."""
        length = len(article.text)
        middle = (passage.start + passage.end) // 2 if passage else 0
        start = max(0, min(middle - MAX_PORTION // 2, length - MAX_PORTION))
        shown = Span(start=start, end=min(start + MAX_PORTION, length))
        facts = {
            "article_id": article.id,
            "source": article.source,
            "published": article.published and article.published.isoformat(),
            "characters": length,
            "start": shown.start,
            "end": shown.end,
            "passage_start": passage and passage.start,
            "passage_end": passage and passage.end,
        }
        if passage:
            links = location_fields(article.excerpt(passage), settings.public_url, lambda _: article)
            url = links["source_link"] or links["link"]
        else:
            url = article.url or read_link(settings.public_url, article.id, shown).partition("#")[0]
        return cls(
            id=document_id,
            title=article.title,
            text=shown.cut(article.text),
            url=url,
            metadata={name: value for name, value in facts.items() if value is not None},
        )


def portion(length: int, start: int, end: int | None) -> Span:
    """Return the span of a text to send: from ``start`` to ``end``, but at most ``MAX_PORTION`` characters.

    Args:
        length: length of the text, in code points.
        start: first character.
        end: one past the last character; None means the end of the text.

    Raises:
        InvalidInput: the span is empty.
    """
    stop = min(length if end is None else end, start + MAX_PORTION, length)
    if start >= stop:
        raise InvalidInput(
            "There are no such characters.",
            expected=f"0 <= start < end, and start below {length}, the length of the article",
            got=f"start {start}, end {end}",
            hint="Leave out `start` and `end` to read from the beginning.",
        )
    return Span(start=start, end=stop)
