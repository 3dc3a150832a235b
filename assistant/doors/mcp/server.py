"""The MCP server for both transports: the tools, their descriptions and their errors."""

import json
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import ValidationError

import prompts
from assistant.assistant import Assistant
from assistant.doors.lean_schema import lean_schema
from assistant.doors.mcp.lean import dumped
from assistant.doors.mcp.tools import Tools
from assistant.request import invalid_input
from embeddings.errors import ArticleAssistantError, ArticleNotFound, InvalidInput

RunInThread = Callable[[Callable[[], Any]], Awaitable[Any]]
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_HINT = "The input schema of the tool lists its arguments and their bounds."


class _Tool(Tool):
    """A tool that rejects unknown arguments and whose errors say what was expected, what came and what to do.

    Errors are text, because clients drop the structured content of an error.
    """

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        try:
            self._reject_unknown(arguments)
            return await super().run(arguments, context, convert_result)
        except InvalidInput as error:
            raise ToolError(str(error)) from error
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
                cause = invalid_input(cause.errors(), _HINT)
            if isinstance(cause, ArticleAssistantError):
                raise ToolError(str(cause)) from cause
            raise

    def _reject_unknown(self, arguments: dict[str, Any]) -> None:
        known = self.parameters["properties"]
        if unknown := [name for name in arguments if name not in known]:
            raise InvalidInput(
                "There is no such argument.", expected=", ".join(known), got=", ".join(unknown)[:120], hint=_HINT
            )


def create_server(
    get_assistant: Callable[[], Assistant],
    run: RunInThread = to_thread.run_sync,
    run_check: RunInThread = to_thread.run_sync,
) -> MCPServer:
    """Return the MCP server.

    Args:
        get_assistant: returns the assistant, and may block until it is open.
        run: runs a function on a worker thread.
        run_check: does so for the check of a text, which may take a minute.
    """
    tools = Tools(get_assistant)

    def _tool(function: Callable[..., Any], title: str, run: RunInThread = run) -> Tool:
        @wraps(function)
        async def in_thread(**arguments: Any) -> Any:
            reply = dumped(await run(partial(function, **arguments)))
            return CallToolResult(content=[TextContent(text=reply)], structured_content=json.loads(reply))

        tool = _Tool.from_function(
            in_thread,
            title=title,
            description=prompts.load(function.__name__).text,
            annotations=_READ_ONLY,
            structured_output=False,  # the results describe themselves; their schemas would cost more than they tell
        )
        tool.parameters = lean_schema(tool.parameters)
        tool.fn_metadata = tool.fn_metadata.model_copy(update={"output_schema": {"type": "object"}})
        return tool

    server = MCPServer(
        "article-assistant",
        title="Article assistant",
        instructions=prompts.load("mcp").text,
        version=version("cited-articles"),
        tools=[
            _tool(tools.ask_articles, "Ask the articles"),
            _tool(tools.search_articles, "Search the articles"),
            _tool(tools.check_text, "Check a text", run_check),
            _tool(tools.list_articles, "List the articles"),
            _tool(tools.get_article, "Read an article"),
            _tool(tools.verify_citations, "Verify stored citations"),
            _tool(tools.search, "Search"),
            _tool(tools.fetch, "Fetch"),
        ],
        log_level="WARNING",
        subscriptions=False,
    )

    @server.resource(
        "article://{article_id}",
        title="Article",
        description="The text of an article. Offsets of citations and passages count its characters from 0.",
    )
    def article(article_id: str) -> str:
        try:
            return tools.article(article_id)
        except ArticleNotFound as error:
            raise ResourceNotFoundError(str(error)) from error

    return server
