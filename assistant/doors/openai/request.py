"""Chat completion requests in OpenAI's format."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.doors.openai.reply import without_footnotes
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
    articles: Annotated[ArticleOptions, Field(description="Where to look; not a field of OpenAI's.")] = ArticleOptions()

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
        history = [
            Message.read(role=message.role, content=_content(message)[:MAX_CHARACTERS])
            for message in earlier[-MAX_MESSAGES:]
        ]
        return AskRequest.read(
            question=last.text,
            history=tuple(history),
            top_k=self.articles.top_k,
            filters=self.articles.filters,
        )


def _content(message: ChatMessage) -> str:
    return without_footnotes(message.text) if message.role == "assistant" else message.text
