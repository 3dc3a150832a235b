import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mcp import Client

from assistant import Assistant, Settings
from assistant.doors.http import create_app
from tests.assistant.doors.mcp.calls import quoted
from tests.serving import SEED, Server, running

QUESTION = "When did Kerry last speak to Lavrov?"
QUOTE = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, a senior State "
    "Department official said, after Kerry threatened last week to walk away from the talks."
)
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}},
}
HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def public(assistant: Assistant) -> Iterator[Server]:
    """A server with a public base URL."""
    settings = Settings(base_url="https://articles.example.org/read-me")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        running(create_app(settings, assistant), listener) as server,
    ):
        yield server


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_official_client_asks_over_http(server: Server, mode: str) -> None:
    async with Client(f"{server.url}/mcp", mode=mode) as client:
        assert client.protocol_version == ("2026-07-28" if mode == "auto" else "2025-11-25")
        assert await quoted(client, QUESTION) == QUOTE


def test_a_missing_library_is_created_and_standard_output_has_only_the_protocol(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "assistant", "mcp", "--library", str(tmp_path / "new")]
    asking = {"name": "ask_articles", "arguments": {"question": QUESTION}}
    calls = [asking, asking, {"name": "ask_articles"}]
    requests = [
        {"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": asked} for n, asked in enumerate(calls, 1)
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        replies = []
        for request in [INITIALIZE, *requests]:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            replies.append(json.loads(process.stdout.readline()))
            if request is requests[0]:
                with Assistant.open(tmp_path / "new", create=False) as assistant:
                    assistant.add(SEED)
        rest, logged = process.communicate()
    assert [reply["id"] for reply in replies] == [0, 1, 2, 3]
    assert replies[1]["result"]["structuredContent"]["reason"] == "library_empty"
    assert replies[2]["result"]["structuredContent"]["sentences"][0]["text"] == QUOTE
    assert replies[3]["result"]["isError"]
    assert rest == ""
    assert "over MCP" in logged
    assert process.returncode == 0


def test_an_interrupt_ends_the_server_while_it_waits_for_input(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant", "mcp", "--library", str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(INITIALIZE) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT


@pytest.mark.parametrize("host", ["articles.example.org", "articles.example.org:443", "localhost", "127.0.0.1:8000"])
def test_requests_by_the_public_name_and_by_loopback_are_answered(public: Server, host: str) -> None:
    response = public.http.post("/mcp", json=INITIALIZE, headers=HEADERS | {"Host": host})
    assert response.status_code == 200
    assert response.json()["result"]["serverInfo"]["name"] == "article-assistant"


def test_requests_to_another_host_or_from_another_origin_are_rejected(public: Server, server: Server) -> None:
    def status(to: Server, **headers: str) -> int:
        response: httpx.Response = to.http.post("/mcp", json=INITIALIZE, headers=HEADERS | headers)
        return response.status_code

    assert status(public, Host="elsewhere.example.org") == 421
    assert status(server, Host="articles.example.org") == 421
    assert status(server, Origin="https://elsewhere.example.org") == 403
    assert status(server, Origin="http://localhost:6274") == 200
    assert status(public, Origin="https://articles.example.org") == 200


def test_get_is_not_allowed(server: Server) -> None:
    response = server.http.get("/mcp", headers=HEADERS)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["error"]["code"] == "method_not_allowed"


def test_other_paths_keep_their_errors(server: Server) -> None:
    assert server.http.get("/nothing").json()["error"]["code"] == "path_not_found"
