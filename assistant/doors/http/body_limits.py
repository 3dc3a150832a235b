"""Limits on request bodies: bytes, JSON values, and the memory that all of them take together."""

import math

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.errors import MalformedRequest, TooMany, error_response
from assistant.doors.http.json_values import JsonValueCounter
from assistant.errors import SourceTooLarge
from assistant.settings import Settings

_MAX_DISCARDED = 8_000_000  # bytes of a body that are read and discarded after the response
_MAX_OTHER = 4_000_000  # bytes of a body without an article: a question with its history, a thousand stored citations
_ALWAYS_READ = 65_536  # bytes; a connection buffers as many anyway
_LARGEST_AT_ONCE = 4  # bodies of the largest size that fit in memory together, or as many bytes of smaller ones
_MAX_VALUES = 100_000  # in a JSON body; a thousand stored citations have five thousand, a chat with tools some more


class BodyLimit:
    """Middleware that rejects too large a body: at once by its Content-Length, else when too many bytes have arrived.

    The framework's own limit answers in plain text; here every error has the same body.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        # JSON may write one byte of text as three (an escaped é is six for two); a form adds its own headers.
        article = 3 * settings.max_article_bytes + 65_536
        # Signing in needs no key, so its limit is low.
        self._limits = {"/articles": article, "/articles/file": article, "/session": 4_096}
        self._max_total = _LARGEST_AT_ONCE * max(article, _MAX_OTHER)
        self._total = 0  # bytes of the bodies of all current requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400, 413 or 429."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"], _MAX_OTHER)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            await error_response(_too_large(limit, length), scope)(scope, receive, send)
            return
        received, values = 0, None if scope["path"] == "/articles/file" else JsonValueCounter()

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            chunk = message.get("body", b"")
            received += len(chunk)
            self._total += len(chunk)
            if received > limit:
                raise HTTPException(413) from _too_large(limit, f"more than {limit}")
            if received > _ALWAYS_READ and self._total > self._max_total:
                raise HTTPException(429) from _too_much_at_once(self._max_total)
            if values and values.count(chunk) > _MAX_VALUES:
                raise HTTPException(413) from _too_many_values()
            return message

        try:
            await self.app(scope, limited, send)
        finally:
            self._total -= received


class UnreadBodyLimit:
    """Middleware that closes the connection after a response that was sent long before the end of the request's body.

    Up to a few megabytes of the body are read and discarded first, because a client whose connection is reset while it
    is sending never sees the response. A request with both Content-Length and Transfer-Encoding is rejected unread: a
    proxy may disagree on where it ends and take its rest for another client's request (request smuggling).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        if {"content-length", "transfer-encoding"} <= set(headers):
            await error_response(_two_lengths(), scope, {"Connection": "close"})(scope, receive, send)
            return
        length = headers.get("content-length", "")
        unread = int(length) if length.isdecimal() else math.inf if "transfer-encoding" in headers else 0

        async def counted() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread - len(message["body"]) if message.get("more_body") else 0
            return message

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                discarded = 0
                while unread == math.inf and discarded < _MAX_DISCARDED:
                    discarded += len((await counted()).get("body", b""))
                if unread > _MAX_DISCARDED:
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, counted, closing)


def _two_lengths() -> MalformedRequest:
    return MalformedRequest(
        "The end of the body is not clear.",
        expected="Content-Length or Transfer-Encoding",
        got="both",
        hint="Send one of them.",
    )


def _too_large(limit: int, size: str) -> SourceTooLarge:
    return SourceTooLarge(
        "The request is too large.",
        expected=f"at most {limit} bytes",
        got=f"{size[:40]} bytes",
        hint="Send less; for articles ASSISTANT_MAX_ARTICLE_BYTES can be raised.",
    )


def _too_many_values() -> SourceTooLarge:
    return SourceTooLarge(
        "The request holds too many values.",
        expected=f"at most {_MAX_VALUES} in its JSON",
        got="more",
        hint="Send fewer at a time; an article's text is one value.",
    )


def _too_much_at_once(limit: int) -> TooMany:
    return TooMany(
        "Too much is being sent.", expected=f"at most {limit} bytes of all clients together", got="more", seconds=5
    )
