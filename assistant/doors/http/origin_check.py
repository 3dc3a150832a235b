"""Protection against cross-site requests (CSRF) and DNS rebinding.

Without API keys, the Host of a request has to be this machine or the base URL: another site could point its own name at
this address (DNS rebinding). Methods other than GET, HEAD and OPTIONS are accepted from this server's own pages, from
pages of this machine and from the origins in the settings. Programs send no Origin and are accepted.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors.http.errors import CrossSite, WrongHost, error_response
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_AUTHORITY = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]*)?", re.ASCII)
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class OriginCheck:
    """Middleware that rejects requests to an unknown host and requests that another site's page sent."""

    def __init__(self, app: ASGIApp, settings: Settings, *, any_host: bool) -> None:
        """``any_host`` turns the check of Host off: with API keys, another site's page cannot send a valid request."""
        self.app = app
        self._any_host = any_host
        self._hosts = _LOOPBACK | {urlsplit(settings.public_url).hostname or "localhost"}
        self._origins = set(settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 or 421."""
        if scope["type"] == "http" and (error := self._error(scope["method"], Headers(scope=scope))):
            await error_response(error, scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _error(self, method: str, headers: Headers) -> ArticleAssistantError | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._any_host and _host(host) not in self._hosts:
            return WrongHost(
                "This server is not known by that name.",
                expected=" or ".join(sorted(self._hosts)),
                got=repr(host),
                hint="Set ASSISTANT_BASE_URL to the address that people use.",
            )
        if origin is None or method in _SAFE_METHODS or self._trusted(origin, host):
            return None
        return CrossSite(
            "A page of another site sent this.",
            expected="a page of this server, or of an origin that its settings allow",
            got=repr(origin),
            hint="Add the origin to ASSISTANT_CORS_ORIGINS.",
        )

    def _trusted(self, origin: str, host: str) -> bool:
        authority = origin.partition("://")[2]
        own = authority == host or _host(authority) in self._hosts
        return own or not self._origins.isdisjoint((origin, "*"))


def _host(authority: str) -> str | None:
    """The host of ``host:port``; None if there is anything else, such as user information."""
    match = _AUTHORITY.fullmatch(authority)
    return match[1].strip("[]").lower() if match else None
