"""The assistant for agents and chat clients: tools and resources of the Model Context Protocol."""

from assistant.mcp.http import route
from assistant.mcp.server import create_server

__all__ = ["create_server", "route"]
