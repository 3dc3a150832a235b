"""Routes compatible with OpenAI's API: clients only change their base URL."""

from collections.abc import Callable, Iterator, Sequence

from fastapi import APIRouter
from sse_starlette import EventSourceResponse

from assistant.answer import Answer, Citation, Sentence
from assistant.assistant import Assistant
from assistant.doors.http.admission import QuestionWorker
from assistant.doors.http.errors import ModelNotFound, error_responses
from assistant.doors.http.metrics import Metrics, ServerMetrics
from assistant.doors.http.startup import OpenAssistant
from assistant.doors.http.streaming import event_stream
from assistant.doors.openai import (
    MODEL,
    ChatCompletion,
    ChatRequest,
    ModelCard,
    ModelList,
    ResponseBody,
    ResponsesRequest,
    chunks,
    response_events,
)
from assistant.doors.openai.completion import Usage
from assistant.doors.openai.reply import CitedReply, reply
from assistant.doors.schemas import ErrorReply
from assistant.request import AskRequest, Message

router = APIRouter(prefix="/v1", tags=["openai"])

_STREAM = {
    "description": "The completion. With `stream: true`, chunks: the text sentence by sentence, then one delta with "
    "`annotations`, `citations` and `answer`, then `finish_reason`, and `[DONE]`.",
    "content": {"text/event-stream": {"example": 'data: {"object": "chat.completion.chunk", …}\n\n'}},
}
_RESPONSE_STREAM = {
    "description": "The response. With `stream: true`, OpenAI's events: `response.output_text.delta` sentence by "
    "sentence, `response.output_text.annotation.added`, and at last `response.completed`.",
    "content": {"text/event-stream": {"example": 'event: response.created\ndata: {"type": "response.created", …}\n\n'}},
}


class _Asked:
    """A chat's question, or its side request, and how its reply is made."""

    def __init__(self, request: ChatRequest, assistant: Assistant, metrics: Metrics) -> None:
        self.footnotes = assistant.settings.openai_footnotes
        self._assistant = assistant
        self._metrics = metrics
        self._asked = request.side_answer() or request.question()

    def parts(self, cancelled: Callable[[], bool]) -> Iterator[Citation | Sentence | Answer]:
        """Return the parts of the answer as they are produced."""
        if isinstance(self._asked, Answer):
            return iter([self._asked])
        return self._assistant.stream_answer(self._asked, cancelled)

    def answer(self, cancelled: Callable[[], bool]) -> Answer:
        """Return the whole answer."""
        return self._asked if isinstance(self._asked, Answer) else self._assistant.answer(self._asked, cancelled)

    def reply(self, answer: Answer) -> tuple[CitedReply, Usage]:
        """Return the reply for an answer, and the numbers of tokens."""
        turns: Sequence[Message] = ()
        if isinstance(self._asked, AskRequest):
            turns = self._asked.history or ()
            self._metrics.record_answer(answer)
        cited = reply(answer, footnotes=self.footnotes)
        prompt = (*(message.content for message in turns), answer.question)
        return cited, Usage.of(self._assistant.library.encoder, prompt, cited.text)


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
    asked = _Asked(request, assistant, metrics)

    def completed(answer: Answer) -> tuple[ChatCompletion, CitedReply]:
        cited, usage = asked.reply(answer)
        return ChatCompletion.of(answer, cited, usage), cited

    def stream(cancelled: Callable[[], bool], _: object) -> Iterator[str]:
        include_usage = bool(request.stream_options and request.stream_options.include_usage)
        return chunks(asked.parts(cancelled), completed, footnotes=asked.footnotes, include_usage=include_usage)

    if request.stream:
        return event_stream(worker, stream, ErrorReply.model_dump_json)
    return (await worker.run_cancellable(lambda cancelled: completed(asked.answer(cancelled))))[0]


@router.post(
    "/responses",
    summary="Ask as a response",
    response_model=ResponseBody,
    responses={200: _RESPONSE_STREAM, **error_responses(400, 404, 409, 413, 415, 422, 500, 503)},
)
async def respond(
    request: ResponsesRequest, assistant: OpenAssistant, worker: QuestionWorker, metrics: ServerMetrics
) -> ResponseBody | EventSourceResponse:
    """Answers the input, or its last user message, with `url_citation` annotations. Unknown fields are ignored."""
    _check_model(request.model)
    asked = _Asked(request.chat(), assistant, metrics)
    if request.stream:
        return event_stream(
            worker,
            lambda cancelled, _: response_events(asked.parts(cancelled), asked.reply, footnotes=asked.footnotes),
            ErrorReply.model_dump_json,
        )

    def completed(cancelled: Callable[[], bool]) -> ResponseBody:
        answer = asked.answer(cancelled)
        return ResponseBody.begun().completed(answer, *asked.reply(answer))

    return await worker.run_cancellable(completed)


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
