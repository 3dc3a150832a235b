"""MCP over streamable HTTP, as a route of an ASGI application."""

from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def route(server: MCPServer) -> Route:
    """Return the route ``POST /mcp``. The application's lifespan has to enter ``server.session_manager.run()``.

    The transport is stateless and answers with JSON, so several processes need no sticky sessions. The server pushes
    nothing, so GET is not allowed. Hosts and origins are checked by the application's middleware, not by the SDK.
    """
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Route("/mcp", _ReadBodyFirst(StreamableHTTPASGIApp(server.session_manager)), methods=["POST"])


class _ReadBodyFirst:
    """Reads the body before the SDK does, which would answer 500 if the body is too large or the client disconnects."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        body: Message | None = {"type": "http.request", "body": await Request(scope, receive).body()}

        async def replay() -> Message:
            nonlocal body
            message, body = body or await receive(), None
            return message

        await self.app(scope, replay, send)
