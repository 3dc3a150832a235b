"""Routes to add, list, read and remove articles."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from assistant.answer import LikeReply
from assistant.assistant import Assistant
from assistant.doors.http.admission import ArticleWorker, QuestionWorker, ReadingWorker, RemovalWorker, RequestWorker
from assistant.doors.http.errors import error_responses
from assistant.doors.http.job_state import Job
from assistant.doors.http.jobs import ServerJobs
from assistant.doors.http.startup import OpenAssistant
from assistant.doors.schemas import Added, ArticleList, ArticleRequest, ArticleWithText
from assistant.request import LikeRequest, Request
from assistant.settings import Settings
from assistant.sources import read_html, read_markdown, read_text
from assistant.sources.files import reject_too_large
from embeddings.cancellation import cancel_when
from embeddings.filters import Filters
from embeddings.text.article import Article

router = APIRouter(prefix="/articles", tags=["articles"])


class Page(Request):
    """Search and pagination of the list."""

    q: Annotated[
        str, Field(max_length=200, description="Words, or parts of them, that title, source and authors have together.")
    ] = ""

    sort: Annotated[
        Literal["added", "newest"],
        Field(description="`added`: as they were added; `newest`: the last added first."),
    ] = "added"
    limit: Annotated[int, Field(ge=1, le=200, description="Articles on a page.")] = 50
    cursor: Annotated[str | None, Field(pattern="^[0-9]{1,18}$", description="`next_cursor` of the page before.")] = (
        None
    )


class MarkedSpan(Request):
    """The characters to mark on a page."""

    start: Annotated[int, Field(ge=0, le=2**31, description="First character, in Unicode code points.")] = 0
    end: Annotated[int, Field(ge=0, le=2**31, description="One past the last character.")] = 0


class LikeQuery(Filters):
    """The filters of a search, and how many articles are wanted."""

    top_k: Annotated[int, Field(ge=1, le=50, description="The most articles.")] = 8


JOB_RESPONSE: dict[int | str, dict[str, Any]] = {202: {"model": Job, "description": "Added by a job"}}
ADD_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Added, "description": "Unchanged"},
    **error_responses(400, 409, 413, 415, 422, 500, 503),
}


@router.post(
    "",
    summary="Add an article",
    status_code=201,
    response_model=Added | Job,
    responses=ADD_RESPONSES | JOB_RESPONSE,
)
async def add(
    request: ArticleRequest,
    *,
    assistant: OpenAssistant,
    reading: ReadingWorker,
    writing: ArticleWorker,
    jobs: ServerJobs,
    response: Response,
) -> Added | Job:
    """Adds an article, or replaces the one with the same URL or path. Unchanged text is not embedded again.

    A `url` without a text is fetched, by a job that the reply names.
    """
    if request.is_fetched:
        response.status_code = 202
        url = request.url or ""
        return jobs.start("fetch", partial(assistant.add_each, url), 1, name=url)
    article = await reading.run_cancellable(partial(_read, request, assistant.settings))
    return await store(article, assistant, writing, response)


@router.get("", summary="List the articles", responses=error_responses(409, 422, 500, 503))
def list_articles(assistant: OpenAssistant, page: Annotated[Page, Query()]) -> ArticleList:
    """Lists the articles page by page, without their text; `q` searches titles, sources and authors."""
    return ArticleList.of(assistant, page.limit, page.cursor, page.q, newest_first=page.sort == "newest")


@router.get("/{article_id}", summary="Read an article", responses=error_responses(404, 409, 422, 500, 503))
def show(article_id: str, assistant: OpenAssistant) -> ArticleWithText:
    """One article with its text, to which all offsets refer."""
    return ArticleWithText.read(article_id, assistant)


@router.get(
    "/{article_id}/like", summary="Find articles like one", responses=error_responses(404, 409, 422, 429, 500, 503)
)
async def like(
    article_id: str, wanted: Annotated[LikeQuery, Query()], assistant: OpenAssistant, worker: QuestionWorker
) -> LikeReply:
    """The best passage of each of the articles that are most like one, without copies of it."""
    filters = wanted.model_dump(exclude={"top_k"}, exclude_none=True) or None
    request = LikeRequest.read(article_id=article_id, top_k=wanted.top_k, filters=filters)
    return await worker.run(assistant.run_like, request)


@router.get(
    "/{article_id}/pages/{page}",
    summary="See a page of a PDF document",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, **error_responses(404, 409, 422, 429, 500, 503)},
)
async def page_image(
    article_id: str,
    page: Annotated[int, Path(ge=1, le=100_000, description="Its number, from 1.")],
    marked: Annotated[MarkedSpan, Query()],
    assistant: OpenAssistant,
    reading: ReadingWorker,
) -> Response:
    """The page as an image, with the characters from `start` to `end` of the article's text marked."""
    draw = partial(_draw_page, assistant, article_id, page, marked)
    return Response(await reading.run_cancellable(draw), media_type="image/png")


@router.delete(
    "/{article_id}", summary="Remove an article", status_code=204, responses=error_responses(404, 409, 422, 500, 503)
)
async def remove(article_id: str, assistant: OpenAssistant, worker: RemovalWorker) -> None:
    """Removes an article, its passages and its vectors."""
    await worker.run(assistant.remove, article_id)


def _read(request: ArticleRequest, settings: Settings, cancelled: Callable[[], bool]) -> Article:
    body = request.text or request.html or request.markdown or ""
    reject_too_large("The body", len(body.encode()), settings.max_article_bytes)
    known = request.model_dump(include={"url", "title", "source", "published"})
    with cancel_when(cancelled):
        if request.text is not None:
            return read_text(body, **known)
        read = read_html if request.html is not None else read_markdown
        return read(body, **known, seconds=settings.reading_seconds)


def _draw_page(
    assistant: Assistant, article_id: str, page: int, marked: MarkedSpan, cancelled: Callable[[], bool]
) -> bytes:
    with cancel_when(cancelled):
        return assistant.page_image(article_id, page, marked.start, marked.end)


async def store(article: Article, assistant: Assistant, worker: RequestWorker, response: Response) -> Added:
    """Add an article, and set the status of the response to 200 if it was there unchanged."""
    added = await worker.run_cancellable(partial(_add, article, assistant))
    if added.outcome == "unchanged":
        response.status_code = 200
    return added


def _add(article: Article, assistant: Assistant, cancelled: Callable[[], bool]) -> Added:
    with cancel_when(cancelled):
        outcome = assistant.add_article(article)
    if outcome.error:
        raise outcome.error
    return Added.of(outcome, assistant)
