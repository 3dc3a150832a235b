"""The assistant as a server of the Model Context Protocol (MCP)."""

from mcp.server import MCPServer

from assistant.assistant import Assistant
from assistant.doors.mcp.http import route
from assistant.doors.mcp.server import create_server

__all__ = ["create_mcp_server", "create_server", "route"]


def create_mcp_server(assistant: Assistant) -> MCPServer:
    """Return an MCP server over an assistant, for any transport."""
    return create_server(lambda: assistant)
