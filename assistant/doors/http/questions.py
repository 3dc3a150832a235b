"""Routes for questions, searches, and the checks of texts and of stored citations."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sse_starlette import EventSourceResponse

from assistant.answer import Answer, Citation, ExamplesReply, SearchReply, Sentence
from assistant.answering.stages import Stage
from assistant.assistant import Assistant
from assistant.check import CheckedSentence, CheckReply
from assistant.doors.http.admission import CheckWorker, ExamplesWorker, QuestionWorker
from assistant.doors.http.errors import error_responses
from assistant.doors.http.metrics import Metrics, ServerMetrics
from assistant.doors.http.startup import OpenAssistant
from assistant.doors.http.streaming import Event, Send, event_stream
from assistant.grounding.verification import VerifyReply
from assistant.request import AskRequest, CheckRequest, ExamplesRequest, SearchRequest, VerifyRequest

router = APIRouter(tags=["questions"])


class StageBegun(BaseModel):
    """The data of the event `stage`."""

    stage: Stage


_EVENT_NAMES: dict[type[BaseModel], str] = {
    Citation: "citation",
    Sentence: "sentence",
    CheckedSentence: "sentence",
    Answer: "done",
    CheckReply: "done",
}

_EVENTS = (
    "With `stream: true`, events: `citation` (a Citation), `sentence` (a sentence, after its citations), then `done` "
    "(the whole body); `error` (an ErrorReply) ends a stream that failed. With `explain`, `stage` says what begins."
)
_STREAM = {
    "description": _EVENTS,
    "content": {"text/event-stream": {"example": 'event: sentence\ndata: {"text": "…"}\n\n'}},
}


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=Answer,
    responses={200: _STREAM, **error_responses(400, 409, 413, 415, 422, 500, 503)},
)
async def ask(
    request: AskRequest, assistant: OpenAssistant, worker: QuestionWorker, metrics: ServerMetrics
) -> Answer | EventSourceResponse:
    """Answers from the articles: every sentence cites the characters that support it, or the answer abstains."""
    if request.stream:
        return event_stream(worker, partial(_events, request, assistant, metrics), partial(_event, "error"))
    return metrics.record_answer(await worker.run_cancellable(partial(assistant.answer, request)))


@router.post("/search", summary="Find passages", responses=error_responses(400, 409, 413, 415, 422, 500, 503))
async def search(request: SearchRequest, assistant: OpenAssistant, worker: QuestionWorker) -> SearchReply:
    """The passages nearest to the query, best first; each is its own citation."""
    return await worker.run(assistant.run_search, request)


@router.post(
    "/check",
    summary="Check a text",
    response_model=CheckReply,
    responses={200: _STREAM, **error_responses(400, 409, 413, 415, 422, 500, 503)},
)
async def check(
    request: CheckRequest, assistant: OpenAssistant, worker: CheckWorker
) -> CheckReply | EventSourceResponse:
    """Each sentence of a text with its verdict: verbatim, supported, contradicted or not found in the articles."""
    if request.stream:
        work = partial(assistant.stream_check, request)
        return event_stream(worker, lambda cancelled, _: map(_part_event, work(cancelled)), partial(_event, "error"))
    return await worker.run_cancellable(partial(assistant.run_check, request))


@router.get("/examples", summary="Questions to begin with", responses=error_responses(404, 409, 422, 429, 500, 503))
async def examples(
    wanted: Annotated[ExamplesRequest, Query()], assistant: OpenAssistant, worker: ExamplesWorker
) -> ExamplesReply:
    """Questions that the articles answer: each was asked before it is offered. They change with the library only."""
    drawn = await worker.run_cancellable(partial(assistant.examples, wanted.limit, wanted.article_id))
    return ExamplesReply(examples=tuple(drawn))


@router.post("/verify", summary="Check stored citations", responses=error_responses(400, 409, 413, 415, 422, 500, 503))
async def verify(request: VerifyRequest, assistant: OpenAssistant, worker: QuestionWorker) -> VerifyReply:
    """The state of each citation: fresh, moved (with its new offsets), changed, or deleted."""
    return VerifyReply(results=tuple(await worker.run_cancellable(partial(assistant.verify, request.citations))))


def _events(
    request: AskRequest, assistant: Assistant, metrics: Metrics, cancelled: Callable[[], bool], send: Send
) -> Iterator[Event]:
    def on_stage(stage: Stage) -> None:
        if request.explain:
            send(_event("stage", StageBegun(stage=stage)))

    for part in assistant.stream_answer(request, cancelled, on_stage):
        yield _part_event(metrics.record_answer(part) if isinstance(part, Answer) else part)


def _part_event(part: BaseModel) -> Event:
    return _event(_EVENT_NAMES[type(part)], part)


def _event(name: str, data: BaseModel) -> Event:
    return {"event": name, "data": data.model_dump_json()}
