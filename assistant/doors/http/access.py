"""The door: who comes with a key passes, as often as the rate allows; who comes without one learns nothing else."""

from ipaddress import ip_address

from fastapi.responses import HTMLResponse
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors import page
from assistant.doors.http.connection import REFUSED
from assistant.doors.http.errors import KeyRefused, TooMany, reply
from assistant.doors.http.headers import PAGE_POLICY
from assistant.doors.http.rate import Rate
from assistant.doors.keys import Keys
from assistant.settings import Settings

COOKIE = "assistant_key"
OPEN = {
    ("GET", "/health/live"),
    ("POST", "/session"),
    ("DELETE", "/session"),
    *(("GET", f"/static/{name}") for name in page.SIGN_IN_ASSETS),
}


class Access:
    """Lets requests with a key pass; without any keys, those that come over loopback. Answers 401 and 429.

    A person's browser gets the page that asks for the key, the same for every path.
    """

    def __init__(self, app: ASGIApp, settings: Settings, keys: Keys) -> None:
        self.app = app
        self._keys = keys
        self._rate = Rate(settings.rate_limit)
        self._root = settings.root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401 or 429."""
        app = self._judge(HTTPConnection(scope)) if scope["type"] == "http" else self.app
        await app(scope, receive, send)

    def _judge(self, request: HTTPConnection) -> ASGIApp:
        method, path = request.scope["method"], request.scope["path"]
        key = _key(request)
        name = self._keys.name_of(key) if key else None
        request.state.key = name
        if error := request.scope.get("state", {}).get(REFUSED):
            return reply(error, request.scope, {"Connection": "close"})
        client = f"key {name}" if name else f"address {request.client.host if request.client else ''}"
        if seconds := 0 if path == "/health/live" else self._rate.wait(client):
            error = TooMany(
                "These are too many requests.",
                expected="no more than this server's rate limit allows",
                got="one more",
                seconds=seconds,
            )
            return reply(error, request.scope)
        if name or (method, path) in OPEN or (not self._keys and _on_loopback(request.scope)):
            return self.app
        refusal = reply(KeyRefused("a key that is not known" if key else "no key"), request.scope)
        if method == "GET" and "text/html" in request.headers.get("accept", ""):
            headers = {"Content-Security-Policy": PAGE_POLICY, "WWW-Authenticate": "Bearer"}
            return HTMLResponse(page.sign_in(self._root), refusal.status_code, headers)
        return refusal


def _key(request: HTTPConnection) -> str | None:
    """The key of the header, else that of the cookie."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)


def _on_loopback(scope: Scope) -> bool:
    """Whether the connection was made to this machine's own address, or over a socket in its file system."""
    host, port = scope.get("server") or ("", None)
    return port is None or ip_address(host).is_loopback
