"""The assistant for clients of OpenAI's API: they change their base URL and talk to the articles."""

from collections.abc import Callable, Iterator

from fastapi import APIRouter
from sse_starlette import EventSourceResponse

from assistant.answer import Answer
from assistant.doors.http.admission import QuestionTurn
from assistant.doors.http.errors import ModelNotFound, documented
from assistant.doors.http.metrics import Figures
from assistant.doors.http.opening import Opened
from assistant.doors.http.streaming import event_stream
from assistant.doors.openai import MODEL, ChatCompletion, ChatRequest, ModelCard, ModelList, chunks
from assistant.doors.openai.completion import Usage
from assistant.doors.openai.reply import CitedReply, reply
from assistant.doors.schemas import ErrorReply

router = APIRouter(prefix="/v1", tags=["openai"])

_STREAM = {
    "description": "The completion. With `stream: true`, chunks: the text sentence by sentence, then one delta with "
    "`annotations`, `citations` and `answer`, then `finish_reason`, and `[DONE]`.",
    "content": {"text/event-stream": {"example": 'data: {"object": "chat.completion.chunk", …}\n\n'}},
}


@router.post(
    "/chat/completions",
    summary="Ask as a chat completion",
    response_model=ChatCompletion,
    responses={200: _STREAM, **documented(400, 404, 409, 413, 415, 422, 500, 503)},
)
async def complete(
    request: ChatRequest, assistant: Opened, turn: QuestionTurn, figures: Figures
) -> ChatCompletion | EventSourceResponse:
    """Answers the last user message; an abstention is a message that says so. Unknown fields are ignored."""
    _check(request.model)
    question = request.question()
    footnotes = assistant.settings.openai_footnotes
    read = (*(turn.content for turn in question.history or ()), question.question)

    def completed(answer: Answer) -> tuple[ChatCompletion, CitedReply]:
        written = reply(figures.answered(answer), footnotes=footnotes)
        return ChatCompletion.of(answer, written, Usage.of(assistant.library.encoder, read, written.text)), written

    def streamed(left: Callable[[], bool]) -> Iterator[str]:
        include_usage = bool(request.stream_options and request.stream_options.include_usage)
        parts = assistant.answering(question, left)
        return chunks(parts, completed, footnotes=footnotes, include_usage=include_usage)

    if request.stream:
        return event_stream(turn, streamed, ErrorReply.model_dump_json)
    return (await turn.watched(lambda left: completed(assistant.answer(question, left))))[0]


@router.get("/models", summary="List the models")
async def models() -> ModelList:
    """The one model: `articles`."""
    return ModelList()


@router.get("/models/{model}", summary="One model", responses=documented(404, 422))
async def model(model: str) -> ModelCard:
    """What is known about a model."""
    _check(model)
    return ModelCard()


def _check(model: str) -> None:
    if model != MODEL:
        raise ModelNotFound(
            "There is no such model.",
            expected=MODEL,
            got=repr(model[:80]),
            hint=f"Choose the model `{MODEL}`; GET /v1/models lists it.",
        )
