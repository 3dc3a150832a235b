"""The assistant for agents and chat clients: tools and resources of the Model Context Protocol."""

from mcp.server import MCPServer

from assistant.assistant import Assistant
from assistant.doors.mcp.http import route
from assistant.doors.mcp.server import create_server

__all__ = ["create_mcp_server", "create_server", "route"]


def create_mcp_server(assistant: Assistant) -> MCPServer:
    """The server over an assistant, for any transport of the protocol."""
    return create_server(lambda: assistant)
