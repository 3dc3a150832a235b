"""The MCP tools. Their descriptions for models are in ``prompts/``, under the tools' names."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field

from assistant.answer import SearchReply
from assistant.assistant import Assistant
from assistant.doors.mcp.replies import AnswerReply, ArticlePortion, Document, SearchResult, SearchResults, portion
from assistant.grounding.verification import StoredCitation, VerifyReply
from assistant.request import (
    AskRequest,
    FiltersParameter,
    QueryParameter,
    QuestionParameter,
    SearchRequest,
    TopK,
    VerifyRequest,
)
from embeddings.errors import ArticleNotFound, InvalidInput
from embeddings.text.article import Article, Span

_PASSAGE = re.compile(r":(\d{1,9})-(\d{1,9})\Z")  # follows the article's id

ArticleId = Annotated[str, Field(min_length=1, max_length=200, description="`article_id` of a citation or a passage.")]
Start = Annotated[int, Field(ge=0, description="First character to read.")]
End = Annotated[int | None, Field(ge=0, description="One past the last character to read.")]
Citations = Annotated[list[StoredCitation], Field(min_length=1, max_length=1000, description="As they were returned.")]
DocumentId = Annotated[
    str, Field(min_length=1, max_length=200, description="`id` of a result of search, or the id of an article.")
]


class Tools:
    """The tools, all of which are read-only. They run on worker threads and wait until the library is open."""

    def __init__(self, get_assistant: Callable[[], Assistant]) -> None:
        """``get_assistant`` returns the assistant, or raises the error with which it could not be opened."""
        self._get_assistant = get_assistant

    def ask_articles(
        self, question: QuestionParameter, top_k: TopK = 8, filters: FiltersParameter = None
    ) -> AnswerReply:
        """Return an answer with its citations, or an abstention."""
        return AnswerReply.of(
            self._get_assistant().answer(AskRequest.read(question=question, top_k=top_k, filters=filters))
        )

    def search_articles(self, query: QueryParameter, top_k: TopK = 8, filters: FiltersParameter = None) -> SearchReply:
        """Return the best passages."""
        return self._get_assistant().run_search(SearchRequest.read(query=query, top_k=top_k, filters=filters))

    def get_article(self, article_id: ArticleId, start: Start = 0, end: End = None) -> ArticlePortion:
        """Return an article or a part of it."""
        with _article_hint():
            library = self._get_assistant().library
            listed = library.entry(article_id)
            span = portion(listed.characters, start, end)
            part = library.excerpt(article_id, span)
        if part.article != listed.article:  # replaced between the two reads
            return self.get_article(article_id, start, end)
        return ArticlePortion.of(listed, start=span.start, end=span.end, text=part.text)

    def verify_citations(self, citations: Citations) -> VerifyReply:
        """Return the state of stored citations."""
        request = VerifyRequest.read(citations=citations)
        return VerifyReply(results=tuple(self._get_assistant().verify(request.citations)))

    def search(self, query: QueryParameter) -> SearchResults:
        """Return the best passages as ids and links."""
        passages = self._get_assistant().run_search(SearchRequest.read(query=query)).passages
        return SearchResults(
            results=tuple(
                SearchResult(
                    id=f"{passage.article_id}:{passage.start}-{passage.end}",
                    title=passage.title,
                    url=passage.source_link or passage.link,
                )
                for passage in passages
            )
        )

    def fetch(self, id: DocumentId) -> Document:  # noqa: A002  connectors call it by this name
        """Return the article of a result of ``search``."""
        span = _PASSAGE.search(id)
        article = self._article(id[: span.start()] if span else id)
        passage = _passage_span(article, *map(int, span.groups())) if span else None
        return Document.of(id, article, passage, self._get_assistant().settings)

    def article(self, article_id: str) -> str:
        """Return the text of an article, to which all offsets refer."""
        return self._article(article_id).text

    def _article(self, article_id: str) -> Article:
        with _article_hint():
            return self._get_assistant().get(article_id)


@contextmanager
def _article_hint() -> Iterator[None]:
    try:
        yield
    except ArticleNotFound as error:
        error.hint = "Take the id from a citation, a passage or a result that these tools returned."
        raise


def _passage_span(article: Article, start: int, end: int) -> Span:
    if not start < end <= len(article.text):
        raise InvalidInput(
            "The passage is not in the article.",
            expected=f"characters within its {len(article.text)}",
            got=f"{start} to {end}",
            hint="The article may have been edited since: search again.",
        )
    return Span(start=start, end=end)
