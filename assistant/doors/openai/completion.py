"""A chat completion as OpenAI's clients read it; the exact spans stand in fields beside theirs."""

import time
from collections.abc import Iterable
from typing import Annotated, Literal, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.answer import Answer, Citation
from assistant.doors.openai.reply import Annotation, CitedReply
from embeddings.text.tokenizer import Tokenizer

MODEL = "articles"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReplyMessage(_Shape):
    """The reply. ``citations`` and ``answer`` are this server's own fields."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: tuple[Annotation, ...]
    citations: Annotated[tuple[Citation, ...], Field(description="The exact characters of the articles, as in /ask.")]
    answer: Annotated[
        dict[str, JsonValue],
        Field(description="The Answer of /ask without its citations and passages: `abstained`, `reason`, …"),
    ]


class Choice(_Shape):
    """The one choice."""

    index: Literal[0] = 0
    message: ReplyMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(_Shape):
    """Tokens of the encoder, of the chat that was taken and of the reply; nobody is billed for them."""

    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]
    total_tokens: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, tokenizer: Tokenizer, read: Iterable[str], written: str) -> Self:
        """The count of what was read and what was written."""
        prompt, completion = sum(len(tokenizer.tokens(text)) for text in read), len(tokenizer.tokens(written))
        return cls(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion)


class ChatCompletion(_Shape):
    """An answer, or an abstention, as a chat completion."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: Annotated[int, Field(description="Seconds since 1970.")]
    model: Literal["articles"] = "articles"
    choices: tuple[Choice]
    usage: Usage

    @classmethod
    def of(cls, answer: Answer, reply: CitedReply, usage: Usage) -> Self:
        """The completion of an answer. Its id is its own: chat clients take two messages of one id for the same."""
        message = ReplyMessage(
            content=reply.text,
            annotations=reply.annotations,
            citations=answer.citations,
            answer=answer.model_dump(mode="json", exclude={"citations", "passages"}),
        )
        return cls(
            id=f"chatcmpl-{uuid4().hex}", created=int(time.time()), choices=(Choice(message=message),), usage=usage
        )


class ModelCard(_Shape):
    """The one model that there is."""

    id: Literal["articles"] = "articles"
    object: Literal["model"] = "model"
    created: Annotated[Literal[0], Field(description="Not known: always 0.")] = 0
    owned_by: Literal["article-assistant"] = "article-assistant"


class ModelList(_Shape):
    """The models that can be asked."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...] = (ModelCard(),)
