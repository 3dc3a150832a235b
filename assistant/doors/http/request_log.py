"""Request ids, the request log and request metrics."""

import asyncio
import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.errors import CLIENT_CLOSED_REQUEST, InternalError, NotReady, error_response
from assistant.doors.http.json_logging import REQUEST_ID
from assistant.doors.http.metrics import Metrics

_logger = logging.getLogger(__name__)
_UNNAMED_ROUTES = {"/mcp", "/openapi.json"}  # paths whose routes are not in the scope
_ID = re.compile(r"[\w.:@/+=-]{1,128}", re.ASCII)


class RequestLog:
    """Middleware that gives every request an id, a log line and its metrics, however the request ends.

    It is almost the outermost middleware, so that it sees every response. An unexpected exception is logged with the
    request's id and becomes a 500 response.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log the outcome."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        token = REQUEST_ID.set(request_id)
        started = perf_counter()
        status = CLIENT_CLOSED_REQUEST

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._respond(scope, receive, send_with_id)
        finally:
            self._log(scope, status, perf_counter() - started)
            REQUEST_ID.reset(token)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        response_started = False

        async def tracked(message: Message) -> None:
            nonlocal response_started
            response_started = True
            await send(message)

        try:
            await self.app(scope, receive, tracked)
        except asyncio.CancelledError:  # the server is shutting down and does not wait any longer
            if not response_started:
                await error_response(_stopping(), scope)(scope, receive, send)
            raise
        except Exception:
            if response_started:
                raise
            _logger.exception("Unexpected exception.")
            await error_response(InternalError(), scope)(scope, receive, send)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        state = scope.get("state", {})
        route, code = _route(scope), state.get("error")
        self._metrics.record_request(route, status, seconds, code)
        fields = {
            "method": scope["method"],
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "client": (scope.get("client") or ("",))[0],
            "key": state.get("key"),
            "error": code,
        }
        _logger.info("request", extra={"fields": fields})


def _stopping() -> NotReady:
    return NotReady(
        "The server is stopping.", expected="an answer", got="a shutdown", hint="Ask again when it is back."
    )


def _route(scope: Scope) -> str:
    """The route's path as declared, such as ``/articles/{article_id}``: paths as sent may hold personal data."""
    route = scope.get("route")
    return getattr(route, "path", None) or (scope["path"] if scope["path"] in _UNNAMED_ROUTES else "-")
