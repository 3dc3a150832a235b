"""Questions in, answers and passages out."""

import logging
from asyncio import Future
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from assistant.answer import Answer, SearchReply
from assistant.api.admission import QuestionTurn
from assistant.api.errors import Unforeseen, documented
from assistant.api.metrics import Figures, Metrics
from assistant.api.opening import Opened
from assistant.request import AskRequest, SearchRequest, VerifyRequest
from assistant.verification import VerifyReply
from assistant.wire import ErrorReply
from embeddings.errors import ArticleAssistantError

router = APIRouter(tags=["questions"])
_logger = logging.getLogger(__name__)

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
) -> Answer | StreamingResponse:
    """Answers from the articles: every sentence cites the characters that support it, or the answer abstains."""
    if request.stream:
        events = _events(turn.begin(assistant.answer, request), figures)
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        return StreamingResponse(events, headers=headers, media_type="text/event-stream")
    return figures.answered(await turn.run(assistant.answer, request))


@router.post("/search", summary="Find passages", responses=documented(400, 409, 413, 415, 422, 500, 503))
async def search(request: SearchRequest, assistant: Opened, turn: QuestionTurn) -> SearchReply:
    """The passages nearest to the query, best first; each is its own citation."""
    return await turn.run(assistant.find, request)


@router.post("/verify", summary="Check stored citations", responses=documented(400, 409, 413, 415, 422, 500, 503))
async def verify(request: VerifyRequest, assistant: Opened, turn: QuestionTurn) -> VerifyReply:
    """Whether each citation is still true: fresh, moved (with its new offsets), changed, or deleted."""
    return VerifyReply(results=tuple(await turn.run(assistant.verify, request.citations)))


async def _events(computing: Future[Answer], figures: Metrics) -> AsyncIterator[str]:
    try:
        answer = figures.answered(await computing)
    except ArticleAssistantError as error:
        yield _event("error", ErrorReply.of(error))
        return
    except Exception:
        _logger.exception("A streamed answer failed.")
        yield _event("error", ErrorReply.of(Unforeseen()))
        return
    citations = {citation.id: citation for citation in answer.citations}
    for sentence in answer.sentences:
        for wanted in sentence.citations:
            if citation := citations.pop(wanted, None):
                yield _event("citation", citation)
        yield _event("sentence", sentence)
    yield _event("done", answer)


def _event(name: str, data: BaseModel) -> str:
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n"
