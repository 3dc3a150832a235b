"""Routes compatible with OpenAI's API: clients only change their base URL."""

from collections.abc import Callable, Iterator

from fastapi import APIRouter
from sse_starlette import EventSourceResponse

from assistant.answer import Answer
from assistant.doors.http.admission import QuestionWorker
from assistant.doors.http.errors import ModelNotFound, error_responses
from assistant.doors.http.metrics import ServerMetrics
from assistant.doors.http.startup import OpenAssistant
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
    responses={200: _STREAM, **error_responses(400, 404, 409, 413, 415, 422, 500, 503)},
)
async def complete(
    request: ChatRequest, assistant: OpenAssistant, worker: QuestionWorker, metrics: ServerMetrics
) -> ChatCompletion | EventSourceResponse:
    """Answers the last user message; an abstention is a message that says so. Unknown fields are ignored."""
    _check_model(request.model)
    question = request.question()
    footnotes = assistant.settings.openai_footnotes
    prompt = (*(message.content for message in question.history or ()), question.question)

    def complete_chat(answer: Answer) -> tuple[ChatCompletion, CitedReply]:
        cited = reply(metrics.record_answer(answer), footnotes=footnotes)
        return ChatCompletion.of(answer, cited, Usage.of(assistant.library.encoder, prompt, cited.text)), cited

    def stream(cancelled: Callable[[], bool]) -> Iterator[str]:
        include_usage = bool(request.stream_options and request.stream_options.include_usage)
        parts = assistant.stream_answer(question, cancelled)
        return chunks(parts, complete_chat, footnotes=footnotes, include_usage=include_usage)

    if request.stream:
        return event_stream(worker, stream, ErrorReply.model_dump_json)
    return (await worker.run_cancellable(lambda cancelled: complete_chat(assistant.answer(question, cancelled))))[0]


@router.get("/models", summary="List the models")
async def models() -> ModelList:
    """The one model: `articles`."""
    return ModelList()


@router.get("/models/{model}", summary="One model", responses=error_responses(404, 422))
async def model(model: str) -> ModelCard:
    """A model's description."""
    _check_model(model)
    return ModelCard()


def _check_model(model: str) -> None:
    if model != MODEL:
        raise ModelNotFound(
            "There is no such model.",
            expected=MODEL,
            got=repr(model[:80]),
            hint=f"Choose the model `{MODEL}`; GET /v1/models lists it.",
        )
