"""Responses in OpenAI's format, with this server's citations in additional fields."""

import time
from typing import Annotated, Any, Literal, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.answer import Answer, Citation
from assistant.doors.openai.completion import Usage
from assistant.doors.openai.reply import CitedReply, UrlCitation


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class TextAnnotation(UrlCitation):
    """A citation of a span of the text."""

    type: Literal["url_citation"] = "url_citation"


class OutputText(_Body):
    """The text of the message."""

    type: Literal["output_text"] = "output_text"
    text: str
    annotations: tuple[TextAnnotation, ...]
    logprobs: tuple[()] = ()


class OutputMessage(_Body):
    """The assistant's message. ``citations`` and ``answer`` are this server's own fields, as in a chat completion."""

    type: Literal["message"] = "message"
    id: str
    status: Literal["in_progress", "completed"] = "completed"
    role: Literal["assistant"] = "assistant"
    content: tuple[OutputText, ...]
    citations: Annotated[tuple[Citation, ...], Field(description="The exact characters of the articles, as in /ask.")]
    answer: Annotated[dict[str, JsonValue], Field(description="The Answer of /ask without citations and passages.")]


class ResponseUsage(_Body):
    """Numbers of tokens in the prompt and the reply, counted with the encoder's tokenizer."""

    input_tokens: Annotated[int, Field(ge=0)]
    input_tokens_details: dict[Literal["cached_tokens"], int] = {"cached_tokens": 0}
    output_tokens: Annotated[int, Field(ge=0)]
    output_tokens_details: dict[Literal["reasoning_tokens"], int] = {"reasoning_tokens": 0}
    total_tokens: Annotated[int, Field(ge=0)]


class ResponseBody(_Body):
    """An answer or an abstention as a response. Nothing is kept, so it cannot be retrieved again."""

    id: str
    object: Literal["response"] = "response"
    created_at: Annotated[int, Field(description="Seconds since 1970.")]
    status: Literal["in_progress", "completed"] = "completed"
    error: None = None
    incomplete_details: None = None
    instructions: None = None
    metadata: dict[str, str] = {}
    model: Literal["articles"] = "articles"
    output: tuple[OutputMessage, ...]
    parallel_tool_calls: Literal[False] = False
    previous_response_id: None = None
    store: Literal[False] = False
    temperature: None = None
    tool_choice: Literal["none"] = "none"
    tools: tuple[()] = ()
    top_p: None = None
    usage: ResponseUsage | None

    @classmethod
    def begun(cls) -> Self:
        """Return a response that has no text yet, with a new id."""
        return cls(id=f"resp_{uuid4().hex}", created_at=int(time.time()), status="in_progress", output=(), usage=None)

    def completed(self, answer: Answer, reply: CitedReply, usage: Usage) -> Self:
        """Return this response with its message."""
        text = OutputText(
            text=reply.text,
            annotations=tuple(TextAnnotation(**one.url_citation.model_dump()) for one in reply.annotations),
        )
        message = OutputMessage(
            id=self.message_id,
            content=(text,),
            citations=answer.citations,
            answer=answer.model_dump(mode="json", exclude={"citations", "passages"}),
        )
        counts = ResponseUsage(
            input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens, total_tokens=usage.total_tokens
        )
        return self.model_copy(update={"status": "completed", "output": (message,), "usage": counts})

    @property
    def message_id(self) -> str:
        """The id of its message."""
        return f"msg_{self.id.removeprefix('resp_')}"

    def dumped(self) -> dict[str, Any]:
        """Return the body as plain values."""
        return self.model_dump(mode="json")
