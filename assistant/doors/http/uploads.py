"""The route to add an article from a file, at once or as a job."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from tempfile import TemporaryFile
from typing import Annotated, BinaryIO
from weakref import finalize

from fastapi import APIRouter, File, Header, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from assistant.assistant import Assistant
from assistant.doors.http.admission import ArticleWorker, ReadingWorker
from assistant.doors.http.articles import ADD_RESPONSES, JOB_RESPONSE, store
from assistant.doors.http.job_state import Job
from assistant.doors.http.jobs import ServerJobs
from assistant.doors.http.startup import OpenAssistant
from assistant.doors.schemas import Added
from assistant.settings import Settings
from assistant.sources import read_bytes
from embeddings.cancellation import cancel_when
from embeddings.outcome import Outcome
from embeddings.text.article import Article

_AS_A_JOB = "respond-async"  # RFC 7240
router = APIRouter(prefix="/articles", tags=["articles"])


class KeptUpload:
    """A copy of an uploaded file, on disk without a name, that outlasts its request until nothing refers to it."""

    def __init__(self, upload: UploadFile) -> None:
        self.name = upload.filename or ""
        self._copy = TemporaryFile()  # noqa: SIM115, because the finalizer closes it
        finalize(self, self._copy.close)
        shutil.copyfileobj(upload.file, self._copy)

    def read(self) -> bytes:
        """Return its content."""
        self._copy.seek(0)
        return self._copy.read()


@router.post(
    "/file",
    summary="Add an article from a file",
    status_code=201,
    response_model=Added | Job,
    responses=ADD_RESPONSES | JOB_RESPONSE,
)
async def upload(
    file: Annotated[UploadFile, File()],
    *,
    assistant: OpenAssistant,
    reading: ReadingWorker,
    writing: ArticleWorker,
    jobs: ServerJobs,
    response: Response,
    prefer: Annotated[
        str, Header(description="`respond-async`: the reply names a job that adds it, for a file that takes long.")
    ] = "",
) -> Added | Job:
    """Adds the article in a file, whose kind is detected from its content, else from its name.

    Files of many articles (tables, JSON Lines, feeds) are refused with 415: `assistant add` reads those.
    """
    if _AS_A_JOB in prefer.casefold():
        kept = await run_in_threadpool(KeptUpload, file)
        response.status_code = 202
        response.headers["Preference-Applied"] = _AS_A_JOB
        return jobs.start("upload", partial(_add, kept, assistant), 1, name=kept.name)
    article = await reading.run_cancellable(partial(_read, file.file, file.filename or "", assistant.settings))
    return await store(article, assistant, writing, response)


def _add(file: KeptUpload, assistant: Assistant) -> Iterator[Outcome]:
    yield assistant.add_article(_article(file.read(), file.name, assistant.settings))


def _read(file: BinaryIO, name: str, settings: Settings, cancelled: Callable[[], bool]) -> Article:
    with cancel_when(cancelled):
        return _article(file.read(), name, settings)


def _article(data: bytes, name: str, settings: Settings) -> Article:
    return read_bytes(data, name=name, max_bytes=settings.max_article_bytes, seconds=settings.reading_seconds)
