"""Access control: API keys, sign-in cookies and the rate limit."""

from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors import page
from assistant.doors.api_keys import ApiKeys
from assistant.doors.http.connection import REJECTION
from assistant.doors.http.errors import KeyRefused, TooMany, error_response
from assistant.doors.http.rate_limit import RateLimiter, SharedRateLimiter
from assistant.doors.http.security_headers import PAGE_POLICY
from assistant.doors.http.server_tables import ServerTables
from assistant.doors.loopback import is_loopback
from assistant.settings import Settings

COOKIE = "assistant_key"
PUBLIC_ROUTES = {
    ("GET", "/health/live"),
    ("POST", "/session"),
    ("DELETE", "/session"),
    *(("GET", f"/static/{name}") for name in page.SIGN_IN_ASSETS),
}


class AccessControl:
    """Middleware that admits requests with an API key or, if no keys are configured, requests over loopback.

    Others are answered with 401, and clients over the rate limit with 429. A browser gets the sign-in page instead of
    the 401 body. The response does not depend on the path, so it does not reveal what exists.
    """

    def __init__(self, app: ASGIApp, settings: Settings, keys: ApiKeys, tables: ServerTables | None = None) -> None:
        """Share the rate limit by the tables, if there are some."""
        self.app = app
        self._keys = keys
        own = RateLimiter(settings.rate_limit)
        self._limiter = SharedRateLimiter(settings.rate_limit, tables) if tables and settings.rate_limit else own
        self._root = settings.root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401 or 429."""
        app = await self._route(HTTPConnection(scope)) if scope["type"] == "http" else self.app
        await app(scope, receive, send)

    async def _route(self, request: HTTPConnection) -> ASGIApp:
        """The application if the request is admitted, else an error response."""
        method, path = request.scope["method"], request.scope["path"]
        key = _key(request)
        name = self._keys.name_of(key) if key else None
        request.state.key = name
        if rejection := request.scope.get("state", {}).get(REJECTION):
            return error_response(rejection, request.scope, {"Connection": "close"})
        client = f"key {name}" if name else f"address {request.client.host if request.client else ''}"
        if seconds := 0 if path == "/health/live" else await self._delay(client):
            error = TooMany(
                "Too many requests.",
                expected="no more than this server's rate limit allows",
                got="one more",
                seconds=seconds,
            )
            return error_response(error, request.scope)
        if name or (method, path) in PUBLIC_ROUTES or (not self._keys and _on_loopback(request.scope)):
            return self.app
        response = error_response(KeyRefused("a key that is not known" if key else "no key"), request.scope)
        if method == "GET" and "text/html" in request.headers.get("accept", ""):
            headers = {"Content-Security-Policy": PAGE_POLICY, "WWW-Authenticate": "Bearer"}
            return HTMLResponse(page.sign_in(self._root), response.status_code, headers)
        return response

    async def _delay(self, client: str) -> float:
        if isinstance(self._limiter, SharedRateLimiter):
            return await run_in_threadpool(self._limiter.delay, client)
        return self._limiter.delay(client)


def _key(request: HTTPConnection) -> str | None:
    """The key in the Authorization header, else in the cookie."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)


def _on_loopback(scope: Scope) -> bool:
    """True if the client connected to a loopback address or to a Unix socket."""
    host, port = scope.get("server") or ("", None)
    return port is None or is_loopback(host)
