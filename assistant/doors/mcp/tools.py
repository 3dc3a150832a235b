"""The MCP tools. Their descriptions for models are in ``prompts/``, under the tools' names."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field

from assistant.answer import SearchReply
from assistant.assistant import Assistant
from assistant.doors.mcp.lean import LeanAnswer, LeanCheck, LeanList, LeanPassages
from assistant.doors.mcp.replies import AnswerReply, ArticlePortion, Document, SearchResult, SearchResults, portion
from assistant.grounding.verification import StoredCitation, VerifyReply
from assistant.request import (
    AskRequest,
    CheckedText,
    CheckRequest,
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

ArticleId = Annotated[str, Field(min_length=1, max_length=200, description="From a link, or as listed.")]
Start = Annotated[int, Field(ge=0, description="First character.")]
End = Annotated[int | None, Field(ge=0, description="One past the last.")]
Citations = Annotated[list[StoredCitation], Field(min_length=1, max_length=1000, description="As they were returned.")]
Details = Annotated[bool, Field(description="With offsets, quotes and source links.")]
MaxCharacters = Annotated[int | None, Field(ge=500, description="Longest reply, from 500.")]
ListQuery = Annotated[str, Field(max_length=200, description="Words of title, source or author.")]
ListLimit = Annotated[int, Field(ge=1, le=200, description="Articles on a page.")]
Cursor = Annotated[str | None, Field(max_length=18, description="`next_cursor` of the page before.")]
DocumentId = Annotated[
    str, Field(min_length=1, max_length=200, description="`id` of a result of search, or the id of an article.")
]


class Tools:
    """The tools, all of which are read-only. They run on worker threads and wait until the library is open."""

    def __init__(self, get_assistant: Callable[[], Assistant]) -> None:
        """``get_assistant`` returns the assistant, or raises the error with which it could not be opened."""
        self._get_assistant = get_assistant

    def ask_articles(
        self,
        question: QuestionParameter,
        top_k: TopK = 8,
        filters: FiltersParameter = None,
        details: Details = False,
        max_characters: MaxCharacters = None,
    ) -> LeanAnswer | AnswerReply:
        """Return an answer with its citations, or an abstention."""
        answer = self._get_assistant().answer(AskRequest.read(question=question, top_k=top_k, filters=filters))
        return AnswerReply.of(answer) if details else LeanAnswer.of(answer, max_characters)

    def search_articles(
        self,
        query: QueryParameter,
        top_k: TopK = 8,
        filters: FiltersParameter = None,
        details: Details = False,
        max_characters: MaxCharacters = None,
    ) -> LeanPassages | SearchReply:
        """Return the best passages."""
        assistant = self._get_assistant()
        reply = assistant.run_search(SearchRequest.read(query=query, top_k=top_k, filters=filters))
        return reply if details else LeanPassages.of(reply, max_characters, assistant.settings.public_url)

    def check_text(self, text: CheckedText) -> LeanCheck:
        """Return the verdict on each sentence of a text."""
        return LeanCheck.of(self._get_assistant().run_check(CheckRequest.read(text=text)), text)

    def list_articles(self, q: ListQuery = "", limit: ListLimit = 20, cursor: Cursor = None) -> LeanList:
        """Return a page of the list of articles."""
        return LeanList.of(*self._get_assistant().library.entries(limit, cursor, q))

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
