"""Streamable HTTP: the server as one route of an application."""

from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route

from assistant.settings import Settings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def route(server: MCPServer, settings: Settings) -> Route:
    """``POST /mcp``. The application's lifespan has to enter ``server.session_manager.run()``.

    Each call stands alone and is answered with JSON, so several processes need no sticky sessions; there is nothing to
    push, so GET is refused, as the protocol allows.
    """
    server.streamable_http_app(
        stateless_http=True, json_response=True, transport_security=_security(settings.links_start_with)
    )
    return Route("/mcp", StreamableHTTPASGIApp(server.session_manager), methods=["POST"])


def _security(base_url: str) -> TransportSecuritySettings:
    """Requests by the names of this machine and that of the base URL only: a page elsewhere cannot borrow a browser."""
    hosts = {*_LOOPBACK, urlsplit(base_url).netloc.rpartition("@")[2]}
    allowed = [form for host in hosts for form in (host, f"{host}:*")]
    origins = [f"{scheme}://{form}" for scheme in ("http", "https") for form in allowed]
    return TransportSecuritySettings(allowed_hosts=allowed, allowed_origins=origins)
