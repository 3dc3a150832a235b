"""Articles in and out of the library."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import Field

from assistant.assistant import Assistant
from assistant.doors.http.admission import ReadingTurn, RemovalTurn, Turn, WriterTurn
from assistant.doors.http.errors import documented
from assistant.doors.http.opening import Opened
from assistant.doors.schemas import Added, ArticleList, ArticleRequest, ArticleWithText
from assistant.request import Request
from assistant.settings import Settings
from assistant.sources import read_bytes, read_html, read_markdown, read_text
from assistant.sources.files import reject_too_large
from embeddings.checkpoint import until
from embeddings.text.article import Article

router = APIRouter(prefix="/articles", tags=["articles"])


class Page(Request):
    """Which page of the list."""

    limit: Annotated[int, Field(ge=1, le=200, description="Articles on a page.")] = 50
    cursor: Annotated[str | None, Field(pattern="^[0-9]{1,18}$", description="`next_cursor` of the page before.")] = (
        None
    )


_WRITING = {200: {"model": Added, "description": "Unchanged"}, **documented(400, 409, 413, 415, 422, 500, 503)}


@router.post("", summary="Add an article", status_code=201, responses=_WRITING)
async def add(
    request: ArticleRequest, assistant: Opened, reading: ReadingTurn, writing: WriterTurn, response: Response
) -> Added:
    """Adds an article, or replaces the one with the same place. Unchanged text is not embedded again."""
    article = await reading.watched(partial(_read, request, assistant.settings))
    return await _added(article, assistant, writing, response)


@router.post("/file", summary="Add an article from a file", status_code=201, responses=_WRITING)
async def upload(
    file: Annotated[UploadFile, File()],
    assistant: Opened,
    reading: ReadingTurn,
    writing: WriterTurn,
    response: Response,
) -> Added:
    """Reads a file of any known kind; its content decides the kind, then its name."""
    article = await reading.watched(partial(_read_file, file, assistant.settings))
    return await _added(article, assistant, writing, response)


@router.get("", summary="List the articles", responses=documented(409, 422, 500, 503))
def list_articles(assistant: Opened, page: Annotated[Page, Query()]) -> ArticleList:
    """The articles, page by page, without their text."""
    return ArticleList.of(assistant, page.limit, page.cursor)


@router.get("/{article_id}", summary="Read an article", responses=documented(404, 409, 422, 500, 503))
def show(article_id: str, assistant: Opened) -> ArticleWithText:
    """One article with its text, which every offset refers to."""
    return ArticleWithText.read(article_id, assistant)


@router.delete(
    "/{article_id}", summary="Remove an article", status_code=204, responses=documented(404, 409, 422, 500, 503)
)
async def remove(article_id: str, assistant: Opened, turn: RemovalTurn) -> None:
    """Removes an article, its passages and its vectors."""
    await turn.run(assistant.remove, article_id)


def _read(request: ArticleRequest, settings: Settings, left: Callable[[], bool]) -> Article:
    body = request.text or request.html or request.markdown or ""
    reject_too_large("The body", len(body.encode()), settings.max_article_bytes)
    about = request.model_dump(include={"url", "title", "source", "published"})
    with until(left):
        if request.text is not None:
            return read_text(body, **about)
        read = read_html if request.html is not None else read_markdown
        return read(body, **about, seconds=settings.reading_seconds)


def _read_file(file: UploadFile, settings: Settings, left: Callable[[], bool]) -> Article:
    most, seconds = settings.max_article_bytes, settings.reading_seconds
    with until(left):
        return read_bytes(file.file.read(), name=file.filename or "", max_bytes=most, seconds=seconds)


async def _added(article: Article, assistant: Assistant, turn: Turn, response: Response) -> Added:
    added = await turn.watched(partial(_add, article, assistant))
    if added.outcome == "unchanged":
        response.status_code = 200
    return added


def _add(article: Article, assistant: Assistant, left: Callable[[], bool]) -> Added:
    with until(left):
        outcome = assistant.add_article(article)
    if outcome.error:
        raise outcome.error
    return Added.of(outcome, assistant)
