"""Questions in, answers and passages out."""

from collections.abc import Callable, Iterator
from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel
from sse_starlette import EventSourceResponse

from assistant.answer import Answer, Citation, SearchReply, Sentence
from assistant.assistant import Assistant
from assistant.doors.http.admission import QuestionTurn
from assistant.doors.http.errors import documented
from assistant.doors.http.metrics import Figures, Metrics
from assistant.doors.http.opening import Opened
from assistant.doors.http.streaming import Event, event_stream
from assistant.grounding.verification import VerifyReply
from assistant.request import AskRequest, SearchRequest, VerifyRequest

router = APIRouter(tags=["questions"])
_NAMES: dict[type[BaseModel], str] = {Citation: "citation", Sentence: "sentence", Answer: "done"}

_STREAM = {
    "description": "The answer. With `stream: true`, events: `citation` (a Citation), `sentence` (a Sentence, after "
    "its citations), then `done` (the whole Answer); `error` (an ErrorReply) ends a stream that failed.",
    "content": {"text/event-stream": {"example": 'event: sentence\ndata: {"text": "…"}\n\n'}},
}


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=Answer,
    responses={200: _STREAM, **documented(400, 409, 413, 415, 422, 500, 503)},
)
async def ask(
    request: AskRequest, assistant: Opened, turn: QuestionTurn, figures: Figures
) -> Answer | EventSourceResponse:
    """Answers from the articles: every sentence cites the characters that support it, or the answer abstains."""
    if request.stream:
        return event_stream(turn, partial(_events, request, assistant, figures), partial(_event, "error"))
    return figures.answered(await turn.watched(partial(assistant.answer, request)))


@router.post("/search", summary="Find passages", responses=documented(400, 409, 413, 415, 422, 500, 503))
async def search(request: SearchRequest, assistant: Opened, turn: QuestionTurn) -> SearchReply:
    """The passages nearest to the query, best first; each is its own citation."""
    return await turn.run(assistant.find, request)


@router.post("/verify", summary="Check stored citations", responses=documented(400, 409, 413, 415, 422, 500, 503))
async def verify(request: VerifyRequest, assistant: Opened, turn: QuestionTurn) -> VerifyReply:
    """Whether each citation is still true: fresh, moved (with its new offsets), changed, or deleted."""
    return VerifyReply(results=tuple(await turn.watched(partial(assistant.verify, request.citations))))


def _events(request: AskRequest, assistant: Assistant, figures: Metrics, left: Callable[[], bool]) -> Iterator[Event]:
    for part in assistant.answering(request, left):
        yield _event(_NAMES[type(part)], figures.answered(part) if isinstance(part, Answer) else part)


def _event(name: str, data: BaseModel) -> Event:
    return {"event": name, "data": data.model_dump_json()}
