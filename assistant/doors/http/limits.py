"""Limits on a request's body, kept before the body is in memory: its bytes, its values, and what all hold together."""

import math

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.errors import MalformedRequest, TooMany, reply
from assistant.doors.http.structure import Structure
from assistant.errors import SourceTooLarge
from assistant.settings import Settings

_FORGOTTEN = 8_000_000  # bytes of an unread body
_OTHER = 4_000_000  # a question with its history, or a thousand stored citations
_SMALL = 65_536  # bytes that are always read: so many wait at a connection anyway
_LARGEST_AT_ONCE = 4  # bodies of the largest size that are held in memory together; of others as many bytes
_VALUES = 100_000  # of JSON; a thousand stored citations have five thousand, a chat with its tools a few more


class BodyLimit:
    """Refuses a body that is over the limit: at once by its Content-Length, else as soon as its bytes are too many.

    The framework's own limit answers in plain text; here every error has the same body.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        # JSON may write one byte of text as three (an escaped é is six for two); a form adds its own headers.
        article = 3 * settings.max_article_bytes + 65_536
        self._limits = {"/articles": article, "/articles/file": article, "/session": 4_096}  # the last needs no key
        self._together = _LARGEST_AT_ONCE * max(article, _OTHER)
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400, 413 or 429."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"], _OTHER)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            await reply(_too_large(limit, length), scope)(scope, receive, send)
            return
        received, structure = 0, None if scope["path"] == "/articles/file" else Structure()

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            part = message.get("body", b"")
            received += len(part)
            self._held += len(part)
            if received > limit:
                raise HTTPException(413) from _too_large(limit, f"more than {limit}")
            if received > _SMALL and self._held > self._together:
                raise HTTPException(429) from _too_much_at_once(self._together)
            if structure and structure.read(part) > _VALUES:
                raise HTTPException(413) from _too_many_values()
            return message

        try:
            await self.app(scope, counted, send)
        finally:
            self._held -= received


class CutOff:
    """Ends the connection of a client that would go on sending long after its reply.

    Up to a few megabytes are read and forgotten first, since a client whose connection is reset while it sends hears no
    reply at all. So ends, unread, a body whose end its head tells in two ways: a proxy in front may believe the other,
    and take for the next client's request what is the body's rest.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        if {"content-length", "transfer-encoding"} <= set(headers):
            await reply(_two_lengths(), scope, {"Connection": "close"})(scope, receive, send)
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
                forgotten = 0
                while unread == math.inf and forgotten < _FORGOTTEN:
                    forgotten += len((await counted()).get("body", b""))
                if unread > _FORGOTTEN:
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
        expected=f"at most {_VALUES} in its JSON",
        got="more",
        hint="Send fewer at a time; an article's text is one value.",
    )


def _too_much_at_once(most: int) -> TooMany:
    return TooMany(
        "Too much is being sent.", expected=f"at most {most} bytes of all clients together", got="more", seconds=5
    )
