"""Streamable HTTP: the server as one route of an application."""

from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route


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
    return Route("/mcp", StreamableHTTPASGIApp(server.session_manager), methods=["POST"])
