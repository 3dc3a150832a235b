"""Requests in OpenAI's formats: chat completions and responses."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.answer import Answer
from assistant.doors.openai.reply import without_footnotes
from assistant.doors.openai.side_request import side_answer
from assistant.request import AskRequest, Message, Request, TopK
from embeddings.errors import InvalidInput
from embeddings.filters import Filters

MAX_MESSAGES, MAX_CHARACTERS = 20, 20_000  # limits of `history`; a longer chat is truncated


class ContentPart(BaseModel):
    """A part of a message, of which only the text is used."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None


class ChatMessage(BaseModel):
    """One message of the chat. Only text is used, not images or audio."""

    model_config = ConfigDict(frozen=True)

    role: str
    content: str | tuple[ContentPart, ...] | None = None

    @property
    def text(self) -> str:
        """Return the text of all parts, one per line."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """Options of a stream."""

    model_config = ConfigDict(frozen=True)

    include_usage: StrictBool | None = False


class ArticleOptions(Request):
    """Options of the search; OpenAI's client sends them as ``extra_body={"articles": {…}}``."""

    top_k: TopK = 8
    filters: Annotated[Filters | None, Field(description="Which articles may answer.")] = None


class ChatRequest(BaseModel):
    """A chat whose last user message is the question.

    Fields that have no meaning here (``temperature``, ``max_tokens``, ``tools``) are ignored, as are system, developer
    and tool messages.
    """

    model_config = ConfigDict(frozen=True)

    model: Annotated[str, Field(description="`articles`.")]
    messages: Annotated[tuple[ChatMessage, ...], Field(description="The chat; its last user message is the question.")]
    stream: Annotated[StrictBool | None, Field(description="Server-sent events instead of one JSON body.")] = False
    stream_options: Annotated[StreamOptions | None, Field(description="Whether a stream ends with its usage.")] = None
    response_format: Annotated[
        dict[str, Any] | None, Field(description="Asks for JSON, which is a side request: see `side_answer`.")
    ] = None
    articles: Annotated[ArticleOptions | None, Field(description="Where to look; not a field of OpenAI's.")] = None

    def side_answer(self) -> Answer | None:
        """Return the neutral reply to a client's side request; None if the chat asks a question."""
        told = [(one.role, text) for one in self.messages if (text := one.text.strip())]
        return side_answer(told, self.response_format)

    def question(self) -> AskRequest:
        """Return the question, with the messages before it as its history.

        Raises:
            InvalidInput: no user message has text, or its text is not a valid question.
        """
        messages = [one for one in self.messages if one.role in {"user", "assistant"} and one.text.strip()]
        while messages and messages[-1].role != "user":
            messages.pop()
        if not messages:
            raise InvalidInput(
                "There is no question in `messages`.",
                expected="a user message with text",
                got=f"{len(self.messages)} messages, none of them such",
                hint='Send the question as {"role": "user", "content": "…"}.',
            )
        *earlier, last = messages
        options = self.articles or ArticleOptions()
        history = [
            Message.read(role=message.role, content=_content(message)[:MAX_CHARACTERS])
            for message in earlier[-MAX_MESSAGES:]
        ]
        return AskRequest.read(
            question=last.text,
            history=tuple(history),
            top_k=options.top_k,
            filters=options.filters,
        )


class InputItem(BaseModel):
    """An item of a Responses input. Only messages are used, not calls, results or references."""

    model_config = ConfigDict(frozen=True)

    type: str | None = "message"
    role: str = ""
    content: str | tuple[ContentPart, ...] | None = None


class TextOptions(BaseModel):
    """The form of the text of a response."""

    model_config = ConfigDict(frozen=True)

    format: Annotated[dict[str, Any] | None, Field(description="As `response_format` of a chat completion.")] = None


class ResponsesRequest(BaseModel):
    """A Responses request whose last user message is the question.

    Nothing is kept between requests, so ``previous_response_id`` is ignored, as is every field without a meaning here.
    """

    model_config = ConfigDict(frozen=True)

    model: Annotated[str, Field(description="`articles`.")]
    input: Annotated[str | tuple[InputItem, ...], Field(description="The question, or the chat that ends with it.")]
    instructions: Annotated[str | None, Field(description="Counts as a system message, and is ignored.")] = None
    stream: Annotated[StrictBool | None, Field(description="Server-sent events instead of one JSON body.")] = False
    text: Annotated[TextOptions | None, Field(description="Asks for JSON in its `format`.")] = None
    articles: Annotated[ArticleOptions | None, Field(description="Where to look; not a field of OpenAI's.")] = None

    def chat(self) -> ChatRequest:
        """Return the same request as a chat completion."""
        items = (InputItem(role="user", content=self.input),) if isinstance(self.input, str) else self.input
        told = (ChatMessage(role="system", content=self.instructions),) if self.instructions else ()
        messages = tuple(
            ChatMessage(role=one.role, content=one.content) for one in items if one.type in {"message", None}
        )
        return ChatRequest(
            model=self.model,
            messages=(*told, *messages),
            stream=self.stream,
            response_format=self.text.format if self.text else None,
            articles=self.articles,
        )


def _content(message: ChatMessage) -> str:
    return without_footnotes(message.text) if message.role == "assistant" else message.text
