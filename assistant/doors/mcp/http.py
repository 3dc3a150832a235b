"""Streamable HTTP: the server as one route of an application."""

from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def route(server: MCPServer) -> Route:
    """``POST /mcp``. The application's lifespan has to enter ``server.session_manager.run()``.

    Each call stands alone and is answered with JSON, so several processes need no sticky sessions; there is nothing to
    push, so GET is refused, as the protocol allows. The application around it checks hosts and origins for every route.
    """
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Route("/mcp", _BodyFirst(StreamableHTTPASGIApp(server.session_manager)), methods=["POST"])


class _BodyFirst:
    """Reads the body before the SDK does, which would call it a failure of its own that a body is too long or ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        body: Message | None = {"type": "http.request", "body": await Request(scope, receive).body()}

        async def again() -> Message:
            nonlocal body
            message, body = body or await receive(), None
            return message

        await self.app(scope, again, send)
