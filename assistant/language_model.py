"""A language model behind any OpenAI-compatible server: vLLM, Ollama, llama.cpp, a vendor."""

import re
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Literal, Self, TypedDict, cast

import anyio
import httpx2
from anyio.from_thread import start_blocking_portal
from pydantic import BaseModel, ValidationError

from assistant.errors import LanguageModelError
from assistant.settings import Settings

LOOK_UP = 0.1  # seconds between two looks whether whoever asked has left
# Of one reply; a server that sends more does not heed ``max_tokens``.
MOST_CHARACTERS = 20_000
MOST_EVENTS = 20_000  # one has a token, and of a thought that is not shown nothing
MOST_BYTES = 20_000_000  # an event is a few hundred

ENDLESS = "would not stop"
_OTHER_FORM = "answered in a form that is not OpenAI's"
# What a reader does not see and a screen or a program obeys: all controls but tab and line feed, marks that turn the
# direction of the text, and letters without a shape; those that join letters are spelling.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


class ModelMessage(TypedDict):
    """One message of the chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel:
    """Writes replies. Every way in which a server can fail is one ``LanguageModelError``. Safe to share by threads."""

    def __init__(self, settings: Settings) -> None:
        """The model that the settings name; ``settings.has_language_model`` says whether they name one."""
        self.name = settings.llm_model or ""
        self._url = f"{(settings.llm_base_url or '').rstrip('/')}/chat/completions"
        self._timeout = settings.llm_timeout
        key = settings.llm_api_key
        self._headers = {"Accept-Encoding": "identity"}  # what is compressed has no bound
        if key:
            self._headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    @classmethod
    def configured(cls, settings: Settings) -> Self | None:
        """The model of the settings, or None where they name none."""
        return cls(settings) if settings.has_language_model else None

    def complete(
        self,
        messages: Sequence[ModelMessage],
        *,
        max_tokens: int,
        deadline: float | None = None,
        left: Callable[[], bool] = lambda: False,
    ) -> str:
        """The whole reply, within ``deadline`` seconds (that of the settings by default); what came when ``left``.

        Raises:
            LanguageModelError: there is none.
        """
        return "".join(self.stream(messages, max_tokens=max_tokens, deadline=deadline, left=left))

    def stream(
        self,
        messages: Sequence[ModelMessage],
        *,
        max_tokens: int,
        deadline: float | None = None,
        left: Callable[[], bool] = lambda: False,
    ) -> Generator[str, None, None]:
        """The reply piece by piece, at temperature 0.

        The connection is closed when the iterator is, and soon after ``left`` says that nobody waits any longer; then
        the iterator ends.

        Raises:
            LanguageModelError: the server failed, or broke off after some pieces.
        """
        pieces: SimpleQueue[str | None] = SimpleQueue()
        body = {"model": self.name, "messages": messages, "max_tokens": max_tokens, "temperature": 0, "stream": True}
        with start_blocking_portal() as portal:
            reading = portal.start_task_soon(self._read, body, deadline or self._timeout, pieces.put)
            reading.add_done_callback(lambda _: pieces.put(None))
            try:
                while not left():
                    try:
                        piece = pieces.get(timeout=LOOK_UP)
                    except Empty:
                        continue
                    if piece is None:
                        reading.result()
                        return
                    yield piece
            finally:
                reading.cancel()

    async def _read(self, body: dict[str, object], deadline: float, put: Callable[[str], None]) -> None:
        """Put each piece of the reply; one deadline for all of it, from the connection to the last character."""
        with _explained(deadline), anyio.fail_after(deadline):
            async with (
                httpx2.AsyncClient(headers=self._headers, timeout=None) as client,
                client.stream("POST", self._url, json=body) as response,
            ):
                response.raise_for_status()
                async for piece in _pieces(response):
                    put(piece)


async def _pieces(response: httpx2.Response) -> AsyncIterator[str]:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise LanguageModelError(_OTHER_FORM, "a compressed reply, which was not asked for")
    response.encoding = "utf-8"  # as events are, whatever the head says
    response.stream = _Bounded(cast("httpx2.AsyncByteStream", response.stream))
    events, written, ended = 0, 0, False
    async for event in httpx2.EventSource(response):
        events += 1
        if events > MOST_EVENTS:
            raise LanguageModelError(ENDLESS, f"{events} events")
        if event.data == "[DONE]":
            ended = True
            break
        for choice in _Chunk.model_validate_json(event.data).choices[:1]:
            ended = ended or choice.finish_reason is not None
            if choice.delta.content:
                yield _CONTROLS.sub("", choice.delta.content)
                written += len(choice.delta.content)
        if written > MOST_CHARACTERS:
            raise LanguageModelError(ENDLESS, f"{written} characters")
    if not ended:
        raise LanguageModelError("broke off", "a reply without its end")
    if not written:
        raise LanguageModelError("wrote nothing", "an empty reply")


class _Bounded(httpx2.AsyncByteStream):
    """The bytes of a reply, up to a bound: a comment is no event, and a line may never end."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        async for part in self._stream:
            received += len(part)
            if received > MOST_BYTES:
                raise LanguageModelError(ENDLESS, f"{received} bytes")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _explained(deadline: float) -> Iterator[None]:
    """Each way to fail as one error; what a server sends may be long or secret, so its body is not repeated."""
    try:
        yield
    except TimeoutError:
        raise LanguageModelError("took too long", f"no whole reply within {deadline:g} seconds") from None
    except httpx2.HTTPStatusError as error:
        raise LanguageModelError("refused", f"status {error.response.status_code}") from None
    except (httpx2.ConnectError, httpx2.UnsupportedProtocol, httpx2.InvalidURL, UnicodeError) as error:
        raise LanguageModelError("could not be reached", str(error)) from None
    except (httpx2.SSEError, httpx2.DecodingError, ValidationError) as error:
        raise LanguageModelError(_OTHER_FORM, str(error).splitlines()[0]) from None
    except httpx2.TransportError as error:
        raise LanguageModelError("broke off", str(error) or type(error).__name__) from None


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(BaseModel):
    """What is read of a ``chat.completion.chunk``; one without choices tells the usage."""

    choices: list[_Choice]
