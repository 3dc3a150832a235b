"""One question through every door gives the same citations, each of them exact, and one about the library its text."""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest
from anyio import run as run_async
from mcp import Client
from typer.testing import CliRunner

from assistant import Assistant
from assistant.doors.agent_tools import langchain_tools, run_anthropic_tool_use, run_openai_tool_call
from assistant.doors.cli import app
from tests.serving import SEED, Server

QUESTION = "When did Kerry last speak to Lavrov?"
COUNT = "How many articles do you have?"  # no article answers it, and the library does
Cited = list[tuple[Any, ...]]


def cited(citations: list[dict[str, object]]) -> Cited:
    """The parts that must not differ: id, article, place and quote."""
    parts = ("id", "article_id", "start", "end", "quote")
    return [tuple(citation[part] for part in parts) for citation in citations]


def by_python(assistant: Assistant, server: Server) -> Cited:
    return cited([one.model_dump() for one in assistant.ask(QUESTION).citations])


def by_http(assistant: Assistant, server: Server) -> Cited:
    return cited(server.http.post("/ask", json={"question": QUESTION}).json()["citations"])


def by_stream(assistant: Assistant, server: Server) -> Cited:
    body = {"question": QUESTION, "stream": True}
    events = server.http.post("/ask", json=body).text.strip().split("\n\n")
    pairs = [event.split("\n", 1) for event in events]
    return cited([json.loads(data.removeprefix("data: ")) for name, data in pairs if name == "event: citation"])


def by_command_line(assistant: Assistant, server: Server) -> Cited:
    library = str(assistant.settings.library)
    printed = CliRunner().invoke(app, ["ask", QUESTION, "--json", "--library", library]).stdout
    return cited(json.loads(printed)["citations"])


def by_openai(assistant: Assistant, server: Server) -> Cited:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none") as client:
        reply = client.chat.completions.create(model="articles", messages=[{"role": "user", "content": QUESTION}])
    return cited((reply.choices[0].message.model_extra or {})["citations"])


def mcp_reply(server: Server, question: str, *, details: bool) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with Client(f"{server.url}/mcp") as client:
            result = await client.call_tool("ask_articles", {"question": question, "details": details})
            return dict(result.structured_content or {})

    return run_async(ask)


def by_mcp(assistant: Assistant, server: Server) -> Cited:
    return cited(mcp_reply(server, QUESTION, details=True)["citations"])


DOORS = [by_http, by_stream, by_command_line, by_openai, by_mcp]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__.removeprefix("by_"))
def test_every_door_gives_the_citations_that_python_gives(
    assistant: Assistant, server: Server, door: Callable[[Assistant, Server], Cited]
) -> None:
    expected = by_python(assistant, server)
    assert expected
    assert door(assistant, server) == expected


def test_those_citations_are_exact_characters_of_the_article(assistant: Assistant, server: Server) -> None:
    body = SEED.read_text(encoding="utf-8").split("\n\n", 1)[1]
    for _, _, start, end, quote in by_python(assistant, server):
        assert body[start:end] == quote


def test_every_door_says_what_there_is_to_say_about_the_library(assistant: Assistant, server: Server) -> None:
    expected = assistant.ask(COUNT).answer or ""
    assert expected.startswith(("There is one article here: ", "There are "))
    ask = {"id": "1", "name": "ask_articles", "input": {"question": COUNT}}
    openai_call = {"id": "1", "function": {"name": "ask_articles", "arguments": json.dumps({"question": COUNT})}}
    events = server.http.post("/ask", json={"question": COUNT, "stream": True}).text
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none") as client:
        chat = client.chat.completions.create(model="articles", messages=[{"role": "user", "content": COUNT}])
        response = client.responses.create(model="articles", input=COUNT)
    said = {
        "http": server.http.post("/ask", json={"question": COUNT}).json()["answer"],
        "stream": json.loads(events.split("data: ")[-1])["answer"],
        "command line": CliRunner().invoke(app, ["ask", COUNT, "--library", str(assistant.settings.library)]).stdout,
        "chat completion": chat.choices[0].message.content,
        "response": response.output_text,
        "mcp": mcp_reply(server, COUNT, details=False)["answer"],
        "mcp with details": mcp_reply(server, COUNT, details=True)["answer"],
        "tool of openai": json.loads(run_openai_tool_call(assistant, openai_call)["content"])["answer"],
        "tool of anthropic": run_anthropic_tool_use(assistant, ask)["content"][0]["text"],
        "tool of langchain": json.loads(langchain_tools(assistant)[0].invoke({"question": COUNT}))["answer"],
    }
    # Other tests may have added articles with markup in their titles, which chat clients get escaped.
    plain = {door: str(text).strip().replace("\\", "") for door, text in said.items()}
    assert plain == dict.fromkeys(said, expected)
