"""Every request gets an id, a line in the log and its place in the figures, however it ends."""

import asyncio
import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.errors import CLIENT_LEFT, NotReady, Unforeseen, reply
from assistant.doors.http.logs import REQUEST_ID
from assistant.doors.http.metrics import Metrics

_logger = logging.getLogger(__name__)
_NAMELESS = {"/mcp", "/openapi.json"}  # routes that leave no name in the scope
_ID = re.compile(r"[\w.:@/+=-]{1,128}", re.ASCII)


class Journal:
    """Far out, so that it sees every reply. A defect becomes a reply here, with the id under which the log has it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        token = REQUEST_ID.set(request_id)
        started = perf_counter()
        status = CLIENT_LEFT

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._answer(scope, receive, answer)
        finally:
            self._write(scope, status, perf_counter() - started)
            REQUEST_ID.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except asyncio.CancelledError:  # the server is told to stop, and this has taken too long
            if not begun:
                await reply(_stopping(), scope)(scope, receive, send)
            raise
        except Exception:
            if begun:
                raise
            _logger.exception("A defect.")
            await reply(Unforeseen(), scope)(scope, receive, send)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        state = scope.get("state", {})
        route, code = _route(scope), state.get("error")
        self._metrics.replied(route, status, seconds, code)
        facts = {
            "method": scope["method"],
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "client": (scope.get("client") or ("",))[0],
            "key": state.get("key"),
            "error": code,
        }
        _logger.info("request", extra={"facts": facts})


def _stopping() -> NotReady:
    return NotReady(
        "The server is stopping.", expected="an answer", got="its end before", hint="Ask again when it is back."
    )


def _route(scope: Scope) -> str:
    """The path as it is declared: what a client writes in a path is not ours to keep."""
    route = scope.get("route")
    return getattr(route, "path", None) or (scope["path"] if scope["path"] in _NAMELESS else "-")
