"""A limit on the size of a request's body, kept before the body is in memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.errors import reply
from assistant.errors import SourceTooLarge


class BodyLimit:
    """Refuses a body that is over the limit: at once by its Content-Length, else as soon as its bytes are too many.

    The framework's own limit answers in plain text; here every error has the same body.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > self.limit:
            await reply(self._too_large(length))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise HTTPException(413) from self._too_large(f"more than {self.limit}")
            return message

        await self.app(scope, counted, send)

    def _too_large(self, size: str) -> SourceTooLarge:
        return SourceTooLarge(
            "The request is too large.",
            expected=f"at most {self.limit} bytes",
            got=f"{size[:40]} bytes",
            hint="Send less, or raise ASSISTANT_MAX_ARTICLE_BYTES.",
        )
