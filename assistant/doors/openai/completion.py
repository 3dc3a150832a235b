"""Chat completions in OpenAI's format, with this server's citations in additional fields."""

import time
from collections.abc import Iterable
from typing import Annotated, Literal, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.answer import Answer, Citation
from assistant.doors.openai.reply import Annotation, CitedReply
from embeddings.text.tokenizer import Tokenizer

MODEL = "articles"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class ReplyMessage(_Body):
    """The assistant's message. ``citations`` and ``answer`` are this server's own fields."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: tuple[Annotation, ...]
    citations: Annotated[tuple[Citation, ...], Field(description="The exact characters of the articles, as in /ask.")]
    answer: Annotated[
        dict[str, JsonValue],
        Field(description="The Answer of /ask without its citations and passages: `abstained`, `reason`, …"),
    ]


class Choice(_Body):
    """The only choice of a completion."""

    index: Literal[0] = 0
    message: ReplyMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(_Body):
    """Numbers of tokens in the prompt and the reply, counted with the encoder's tokenizer."""

    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]
    total_tokens: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, tokenizer: Tokenizer, prompt: Iterable[str], reply: str) -> Self:
        """Count the tokens of the prompt's messages and of the reply."""
        read, written = sum(len(tokenizer.tokens(text)) for text in prompt), len(tokenizer.tokens(reply))
        return cls(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class ChatCompletion(_Body):
    """An answer or an abstention as a chat completion."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: Annotated[int, Field(description="Seconds since 1970.")]
    model: Literal["articles"] = "articles"
    choices: tuple[Choice]
    usage: Usage

    @classmethod
    def of(cls, answer: Answer, reply: CitedReply, usage: Usage) -> Self:
        """Return the completion for an answer, with a new id: chat clients treat messages with the same id as one."""
        message = ReplyMessage(
            content=reply.text,
            annotations=reply.annotations,
            citations=answer.citations,
            answer=answer.model_dump(mode="json", exclude={"citations", "passages"}),
        )
        return cls(
            id=f"chatcmpl-{uuid4().hex}", created=int(time.time()), choices=(Choice(message=message),), usage=usage
        )


class ModelCard(_Body):
    """The only model."""

    id: Literal["articles"] = "articles"
    object: Literal["model"] = "model"
    created: Annotated[Literal[0], Field(description="Unknown: always 0.")] = 0
    owned_by: Literal["article-assistant"] = "article-assistant"


class ModelList(_Body):
    """The available models."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...] = (ModelCard(),)
