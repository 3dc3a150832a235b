"""Articles in and out of the library."""

from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile

from assistant.api.errors import documented
from assistant.api.opening import Opened, Writable
from assistant.assistant import Assistant
from assistant.sources import read_bytes, read_html, read_markdown, read_text
from assistant.sources.files import reject_too_large
from assistant.wire import Added, ArticleList, ArticleRequest, ArticleWithText
from embeddings.article import Article

router = APIRouter(prefix="/articles", tags=["articles"])

_WRITING = {200: {"model": Added, "description": "Unchanged"}, **documented(400, 409, 413, 415, 422, 500, 503)}


@router.post("", summary="Add an article", status_code=201, responses=_WRITING)
def add(request: ArticleRequest, assistant: Writable, response: Response) -> Added:
    """Adds an article, or replaces the one with the same place. Unchanged text is not embedded again."""
    body = request.text or request.html or request.markdown or ""
    reject_too_large("The body", len(body.encode()), assistant.settings.max_article_bytes)
    read = read_text if request.text is not None else read_html if request.html is not None else read_markdown
    article = read(body, url=request.url, title=request.title, source=request.source, published=request.published)
    return _added(article, assistant, response)


@router.post("/file", summary="Add an article from a file", status_code=201, responses=_WRITING)
def upload(file: Annotated[UploadFile, File()], assistant: Writable, response: Response) -> Added:
    """Reads a file of any known kind; its content decides the kind, then its name."""
    limit = assistant.settings.max_article_bytes
    article = read_bytes(file.file.read(), name=file.filename or "", max_bytes=limit)
    return _added(article, assistant, response)


@router.get("", summary="List the articles", responses=documented(409, 422, 500, 503))
def list_articles(
    assistant: Opened,
    limit: Annotated[int, Query(ge=1, le=200, description="Articles on a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> ArticleList:
    """The articles, page by page, without their text."""
    return ArticleList.of(assistant, limit, cursor)


@router.get("/{article_id}", summary="Read an article", responses=documented(404, 409, 422, 500, 503))
def show(article_id: str, assistant: Opened) -> ArticleWithText:
    """One article with its text, which every offset refers to."""
    return ArticleWithText.of(assistant.get(article_id), assistant)


@router.delete(
    "/{article_id}", summary="Remove an article", status_code=204, responses=documented(404, 409, 422, 500, 503)
)
def remove(article_id: str, assistant: Writable) -> None:
    """Removes an article, its passages and its vectors."""
    assistant.remove(article_id)


def _added(article: Article, assistant: Assistant, response: Response) -> Added:
    added = Added.of(assistant.add_article(article), assistant)
    if added.outcome == "unchanged":
        response.status_code = 200
    return added
