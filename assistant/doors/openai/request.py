"""A chat completion request, and the question in it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.doors.openai.reply import without_footnotes
from assistant.request import AskRequest, Message, Request, TopK
from embeddings.errors import InvalidInput
from embeddings.filters import Filters
from embeddings.strict import Truth

TURNS, CHARACTERS = 20, 20_000  # what `history` takes; a chat that has grown longer is no error


class ContentPart(BaseModel):
    """A part of a message; only its text is read."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None


class ChatMessage(BaseModel):
    """One message of the chat. The text of its parts counts; pictures and sounds are not read."""

    model_config = ConfigDict(frozen=True)

    role: str
    content: str | tuple[ContentPart, ...] | None = None

    @property
    def text(self) -> str:
        """The parts' text, a line each."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells besides the reply."""

    model_config = ConfigDict(frozen=True)

    include_usage: Truth | None = False


class ArticleOptions(Request):
    """Where to look; OpenAI's client sends it as ``extra_body={"articles": {…}}``."""

    top_k: TopK = 8
    filters: Annotated[Filters | None, Field(description="Which articles may answer.")] = None


class ChatRequest(BaseModel):
    """A chat whose last user message is the question.

    Clients send many fields that mean nothing here (``temperature``, ``max_tokens``, ``tools``); they are ignored, as
    are system, developer and tool messages.
    """

    model_config = ConfigDict(frozen=True)

    model: Annotated[str, Field(description="`articles`.")]
    messages: Annotated[tuple[ChatMessage, ...], Field(description="The chat; its last user message is the question.")]
    stream: Annotated[Truth | None, Field(description="Server-sent events instead of one JSON body.")] = False
    stream_options: Annotated[StreamOptions | None, Field(description="Whether a stream ends with its usage.")] = None
    articles: Annotated[ArticleOptions, Field(description="Where to look; not a field of OpenAI's.")] = ArticleOptions()

    def question(self) -> AskRequest:
        """The question, with the turns before it as its history.

        Raises:
            InvalidInput: no user message has text, or its text is no question.
        """
        turns = [turn for turn in self.messages if turn.role in {"user", "assistant"} and turn.text.strip()]
        while turns and turns[-1].role != "user":
            turns.pop()
        if not turns:
            raise InvalidInput(
                "There is no question in `messages`.",
                expected="a user message with text",
                got=f"{len(self.messages)} messages, none of them such",
                hint='Send the question as {"role": "user", "content": "…"}.',
            )
        *earlier, last = turns
        history = [Message.read(role=turn.role, content=_said(turn)[:CHARACTERS]) for turn in earlier[-TURNS:]]
        return AskRequest.read(
            question=last.text,
            history=tuple(history),
            top_k=self.articles.top_k,
            filters=self.articles.filters,
        )


def _said(turn: ChatMessage) -> str:
    return without_footnotes(turn.text) if turn.role == "assistant" else turn.text
