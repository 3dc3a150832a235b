"""Pages of other sites cannot borrow a browser: neither by sending a form here, nor by renaming their own host to ours.

Without keys a request has to name this machine or the base URL as its host, since a page elsewhere could let its own
name lead here (DNS rebinding). What changes or computes something is taken from this server's own pages, from those
of this machine and from the origins of the settings; programs send no Origin.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors.http.errors import CrossSite, WrongHost, reply
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_AUTHORITY = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]*)?", re.ASCII)
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Origins:
    """Refuses what another site's page made a browser send."""

    def __init__(self, app: ASGIApp, settings: Settings, *, any_host: bool) -> None:
        """``any_host``: requests carry a key, which no page elsewhere has."""
        self.app = app
        self._any_host = any_host
        self._names = _LOOPBACK | {urlsplit(settings.links_start_with).hostname or "localhost"}
        self._origins = set(settings.cors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 or 421."""
        if scope["type"] == "http" and (error := self._wrong(scope["method"], Headers(scope=scope))):
            await reply(error, scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _wrong(self, method: str, headers: Headers) -> ArticleAssistantError | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._any_host and _name(host) not in self._names:
            return WrongHost(
                "This server does not go by that name.",
                expected=" or ".join(sorted(self._names)),
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
        own = authority == host or _name(authority) in self._names
        return own or not self._origins.isdisjoint((origin, "*"))


def _name(authority: str) -> str | None:
    """The host of ``host:port``; none where there is more than that, such as a user before it."""
    match = _AUTHORITY.fullmatch(authority)
    return match[1].strip("[]").lower() if match else None
