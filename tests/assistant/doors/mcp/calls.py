"""Tool calls as a client makes them."""

from typing import Any

from mcp import Client
from mcp_types import TextContent, TextResourceContents


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured content of a call that succeeded."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content
    return content


async def told(client: Client, tool: str, **arguments: Any) -> str:
    """The text of a call that succeeded: the copy of the result that a model reads."""
    (content,) = (await client.call_tool(tool, arguments)).content
    assert isinstance(content, TextContent)
    return content.text


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    """The error text of a call that failed."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def text_of(client: Client, article_id: str) -> str:
    """An article's text, read as a resource."""
    (contents,) = (await client.read_resource(f"article://{article_id}")).contents
    assert isinstance(contents, TextResourceContents)
    return contents.text


async def quoted(client: Client, question: str) -> str:
    """Ask a question, and check that its only citation is the article's text at its offsets."""
    (citation,) = (await call(client, "ask_articles", question=question, details=True))["citations"]
    text = await text_of(client, citation["article_id"])
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    return str(citation["quote"])
