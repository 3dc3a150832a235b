"""The client of a language model on an OpenAI-compatible server: vLLM, Ollama, llama.cpp or a vendor's."""

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

POLL_INTERVAL = 0.1  # seconds between two checks whether the request was cancelled
# Limits of one reply; a server that sends more ignores ``max_tokens``.
MAX_CHARACTERS = 20_000
MAX_EVENTS = 20_000  # an event has one token, or none while the model reasons
MAX_BYTES = 20_000_000  # an event has a few hundred

ENDLESS = "would not stop"
_UNEXPECTED_FORMAT = "answered in a form that is not OpenAI's"
# Characters that are invisible and that a screen or a program interprets: all control characters but tab and line feed,
# bidirectional controls, and zero-width characters except the joiners, which belong to spelling.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


class ModelMessage(TypedDict):
    """A message of a chat completion request."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel:
    """Requests chat completions. Every failure of the server is a LanguageModelError. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        """Use the model of the settings, for which ``settings.has_language_model`` must be true."""
        self.name = settings.llm_model or ""
        self._url = f"{(settings.llm_base_url or '').rstrip('/')}/chat/completions"
        self._timeout = settings.llm_timeout
        key = settings.llm_api_key
        self._headers = {"Accept-Encoding": "identity"}  # so that the size of a reply is bounded by its bytes
        if key:
            self._headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    @classmethod
    def from_settings(cls, settings: Settings) -> Self | None:
        """Return the model of the settings; None if they name none."""
        return cls(settings) if settings.has_language_model else None

    def complete(
        self,
        messages: Sequence[ModelMessage],
        *,
        max_tokens: int,
        timeout: float | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> str:
        """Return the whole reply. For the arguments see :meth:`stream`.

        Raises:
            LanguageModelError: the server failed.
        """
        return "".join(self.stream(messages, max_tokens=max_tokens, timeout=timeout, cancelled=cancelled))

    def stream(
        self,
        messages: Sequence[ModelMessage],
        *,
        max_tokens: int,
        timeout: float | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Generator[str, None, None]:
        """Yield the reply piece by piece, at temperature 0. The connection is closed when the iterator is.

        Args:
            messages: the chat so far.
            max_tokens: the most tokens to generate.
            timeout: seconds for the whole reply; by default that of the settings.
            cancelled: true once the caller no longer waits; the iterator then ends early.

        Raises:
            LanguageModelError: the server failed, perhaps after some pieces.
        """
        pieces: SimpleQueue[str | None] = SimpleQueue()
        body = {"model": self.name, "messages": messages, "max_tokens": max_tokens, "temperature": 0, "stream": True}
        with start_blocking_portal() as portal:
            request = portal.start_task_soon(self._request, body, timeout or self._timeout, pieces.put)
            request.add_done_callback(lambda _: pieces.put(None))
            try:
                while not cancelled():
                    try:
                        piece = pieces.get(timeout=POLL_INTERVAL)
                    except Empty:
                        continue
                    if piece is None:
                        request.result()
                        return
                    yield piece
            finally:
                request.cancel()

    async def _request(self, body: dict[str, object], timeout: float, put: Callable[[str], None]) -> None:
        """Send a request and put each piece of the reply, all of it within the timeout."""
        with _language_model_errors(timeout), anyio.fail_after(timeout):
            async with (
                httpx2.AsyncClient(headers=self._headers, timeout=None) as client,
                client.stream("POST", self._url, json=body) as response,
            ):
                response.raise_for_status()
                async for piece in _pieces(response):
                    put(piece)


async def _pieces(response: httpx2.Response) -> AsyncIterator[str]:
    """Yield the text of each event, within the limits of a reply."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise LanguageModelError(_UNEXPECTED_FORMAT, "a compressed reply, which was not asked for")
    response.encoding = "utf-8"  # as the specification of server-sent events says, whatever the header says
    response.stream = _LimitedStream(cast("httpx2.AsyncByteStream", response.stream))
    events, characters, finished = 0, 0, False
    async for event in httpx2.EventSource(response):
        events += 1
        if events > MAX_EVENTS:
            raise LanguageModelError(ENDLESS, f"{events} events")
        if event.data == "[DONE]":
            finished = True
            break
        for choice in _Chunk.model_validate_json(event.data).choices[:1]:
            finished = finished or choice.finish_reason is not None
            if choice.delta.content:
                yield _INVISIBLE.sub("", choice.delta.content)
                characters += len(choice.delta.content)
        if characters > MAX_CHARACTERS:
            raise LanguageModelError(ENDLESS, f"{characters} characters")
    if not finished:
        raise LanguageModelError("broke off", "a reply without its end")
    if not characters:
        raise LanguageModelError("wrote nothing", "an empty reply")


class _LimitedStream(httpx2.AsyncByteStream):
    """The bytes of a reply up to a limit, because comments are not events and a line may never end."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        async for part in self._stream:
            received += len(part)
            if received > MAX_BYTES:
                raise LanguageModelError(ENDLESS, f"{received} bytes")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _language_model_errors(timeout: float) -> Iterator[None]:
    """Raise every failure as a LanguageModelError, without the body of a reply, which may be long or secret."""
    try:
        yield
    except TimeoutError:
        raise LanguageModelError("took too long", f"no whole reply within {timeout:g} seconds") from None
    except httpx2.HTTPStatusError as error:
        raise LanguageModelError("refused", f"status {error.response.status_code}") from None
    except (httpx2.ConnectError, httpx2.UnsupportedProtocol, httpx2.InvalidURL, UnicodeError) as error:
        raise LanguageModelError("could not be reached", str(error)) from None
    except (httpx2.SSEError, httpx2.DecodingError, ValidationError) as error:
        raise LanguageModelError(_UNEXPECTED_FORMAT, str(error).splitlines()[0]) from None
    except httpx2.TransportError as error:
        raise LanguageModelError("broke off", str(error) or type(error).__name__) from None


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(BaseModel):
    """The fields of a ``chat.completion.chunk`` that are read; a chunk without choices reports the usage."""

    choices: list[_Choice]
