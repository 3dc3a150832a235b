"""Every configuration that the documentation shows is JSON, and leads a real client to the tools."""

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from assistant import Assistant, Settings
from tests.assistant.doors.mcp.calls import quoted
from tests.serving import Server

PAGE = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text("utf-8")
CONFIGURATIONS: list[dict[str, Any]] = [
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
]
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SERVERS = [one.get("mcpServers", one.get("servers", {})) for one in CONFIGURATIONS]
ENTRIES: list[dict[str, Any]] = [server["articles"] for server in SERVERS if server]
PROGRAM, LIBRARY = "/home/you/articles/.venv/bin/assistant", "/home/you/articles/library"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_every_client_is_shown_how_it_is_configured() -> None:
    sections = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert {"Claude Desktop", "Claude Code", "ChatGPT", "Cursor", "VS Code"} <= set(sections)
    assert [("command" in entry, "url" in entry) for entry in ENTRIES].count((True, False)) == 4
    assert {entry["url"] for entry in ENTRIES if "url" in entry} == {"http://127.0.0.1:8000/mcp"}


def test_every_command_is_the_same() -> None:
    (claude,) = [line for line in SHELL if line.startswith("claude mcp add articles -- ")]
    commands = [[entry["command"], *entry["args"]] for entry in ENTRIES if "command" in entry]
    commands.append(shlex.split(claude.partition(" -- ")[2]))
    assert commands == [[PROGRAM, "mcp", "--library", LIBRARY]] * len(commands)


@pytest.mark.anyio
async def test_the_command_starts_a_server_that_answers(assistant: Assistant, settings: Settings) -> None:
    entry = next(entry for entry in ENTRIES if "command" in entry)
    arguments = [argument.replace(LIBRARY, str(settings.library)) for argument in entry["args"]]
    reader = {"ASSISTANT_READER": os.environ["ASSISTANT_READER"]}  # a client hands on no variable by itself
    parameters = StdioServerParameters(command=sys.executable, args=["-m", "assistant", *arguments], env=reader)
    async with Client(parameters) as client:
        assert "ask_articles" in [tool.name for tool in (await client.list_tools()).tools]
        assert "last spoke to" in await quoted(client, "When did Kerry last speak to Lavrov?")


@pytest.mark.anyio
async def test_the_address_leads_to_the_server(server: Server) -> None:
    entry = next(entry for entry in ENTRIES if "url" in entry)
    assert f"claude mcp add --transport http articles {entry['url']}" in SHELL
    async with Client(entry["url"].replace("http://127.0.0.1:8000", server.url)) as client:
        assert "ask_articles" in [tool.name for tool in (await client.list_tools()).tools]


def test_the_public_address_is_that_of_the_base_url() -> None:
    (tool,) = next(one["tools"] for one in CONFIGURATIONS if "tools" in one)
    (base,) = re.findall(r"^ASSISTANT_BASE_URL=(\S+) assistant serve", "\n".join(SHELL), re.MULTILINE)
    assert tool["server_url"] == f"{base}/mcp"
    assert f"`{tool['server_url']}`" in PAGE


@pytest.mark.anyio
async def test_every_tool_is_documented(server: Server) -> None:
    async with Client(f"{server.url}/mcp") as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
    assert re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))) == names
