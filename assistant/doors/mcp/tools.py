"""The tools. What a model is told of each stands in ``prompts/``, under the tool's name."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field

from assistant.answer import SearchReply
from assistant.assistant import Assistant
from assistant.doors.mcp.replies import AnswerReply, ArticlePortion, Document, SearchResult, SearchResults, portion
from assistant.grounding.verification import StoredCitation, VerifyReply
from assistant.request import AskRequest, OneQuestion, Query, SearchRequest, TopK, VerifyRequest, Where
from embeddings.errors import ArticleNotFound, InvalidInput
from embeddings.text.article import Article, Span

_PASSAGE = re.compile(r":(\d{1,9})-(\d{1,9})\Z")  # behind the id of its article

ArticleId = Annotated[str, Field(min_length=1, max_length=200, description="`article_id` of a citation or a passage.")]
Start = Annotated[int, Field(ge=0, description="First character to read.")]
End = Annotated[int | None, Field(ge=0, description="One past the last character to read.")]
Citations = Annotated[list[StoredCitation], Field(min_length=1, max_length=1000, description="As they were returned.")]
DocumentId = Annotated[
    str, Field(min_length=1, max_length=200, description="`id` of a result of search, or the id of an article.")
]


class Tools:
    """Every tool reads and none writes. They are run on worker threads, and wait there until the library is open."""

    def __init__(self, opened: Callable[[], Assistant]) -> None:
        """``opened`` returns the assistant, or raises why there is none."""
        self._opened = opened

    def ask_articles(self, question: OneQuestion, top_k: TopK = 8, filters: Where = None) -> AnswerReply:
        """An answer with its citations, or an abstention."""
        return AnswerReply.of(self._opened().answer(AskRequest.read(question=question, top_k=top_k, filters=filters)))

    def search_articles(self, query: Query, top_k: TopK = 8, filters: Where = None) -> SearchReply:
        """The passages that fit best."""
        return self._opened().find(SearchRequest.read(query=query, top_k=top_k, filters=filters))

    def get_article(self, article_id: ArticleId, start: Start = 0, end: End = None) -> ArticlePortion:
        """An article, or a part of it."""
        with _hinted():
            library = self._opened().library
            listed = library.entry(article_id)
            span = portion(listed.characters, start, end)
            part = library.excerpt(article_id, span)
        if part.article != listed.article:  # it was replaced this very moment
            return self.get_article(article_id, start, end)
        return ArticlePortion.of(listed, start=span.start, end=span.end, text=part.text)

    def verify_citations(self, citations: Citations) -> VerifyReply:
        """What became of stored citations."""
        request = VerifyRequest.read(citations=citations)
        return VerifyReply(results=tuple(self._opened().verify(request.citations)))

    def search(self, query: Query) -> SearchResults:
        """The passages that fit best, as ids and links."""
        found = self._opened().find(SearchRequest.read(query=query)).passages
        return SearchResults(
            results=tuple(
                SearchResult(
                    id=f"{one.article_id}:{one.start}-{one.end}", title=one.title, url=one.source_link or one.link
                )
                for one in found
            )
        )

    def fetch(self, id: DocumentId) -> Document:  # noqa: A002  the name that connectors call it by
        """The article behind a result of ``search``."""
        span = _PASSAGE.search(id)
        article = self._article(id[: span.start()] if span else id)
        passage = _within(article, *map(int, span.groups())) if span else None
        return Document.of(id, article, passage, self._opened().settings)

    def article(self, article_id: str) -> str:
        """The text of an article, which every offset refers to."""
        return self._article(article_id).text

    def _article(self, article_id: str) -> Article:
        with _hinted():
            return self._opened().get(article_id)


@contextmanager
def _hinted() -> Iterator[None]:
    try:
        yield
    except ArticleNotFound as error:
        error.hint = "Take the id from a citation, a passage or a result that these tools returned."
        raise


def _within(article: Article, start: int, end: int) -> Span:
    if not start < end <= len(article.text):
        raise InvalidInput(
            "The passage is not in the article.",
            expected=f"characters within its {len(article.text)}",
            got=f"{start} to {end}",
            hint="The article may have been edited since: search again.",
        )
    return Span(start=start, end=end)
