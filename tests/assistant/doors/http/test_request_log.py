import io
import json
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.json_logging import JsonLinesFormatter
from assistant.settings import Settings
from tests.serving import Server, running


class Log(io.StringIO):
    """The server's log during a test."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def of(self, response: httpx.Response) -> list[dict[str, Any]]:
        """The lines with the id of a response; the server may write them after the client has read it."""
        deadline = time.monotonic() + 10
        while True:
            lines = [line for line in self.lines() if line.get("request_id") == response.headers["x-request-id"]]
            if any("status" in line for line in lines) or time.monotonic() > deadline:
                return lines
            time.sleep(0.01)


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log()
    handler = logging.StreamHandler(log)
    handler.setFormatter(JsonLinesFormatter())
    root, ours = logging.getLogger(), logging.getLogger("assistant")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield log
    ours.setLevel(before)
    root.removeHandler(handler)


def test_every_request_has_an_id_in_its_response_and_in_the_log(server: Server, log: Log) -> None:
    given = server.http.get("/health/live", headers={"X-Request-ID": "trace-42"})
    made = server.http.get("/nowhere")
    forged = server.http.get("/health/live", headers={"X-Request-ID": 'a"b {"level": 1}'})
    assert given.headers["x-request-id"] == "trace-42"
    assert len(made.headers["x-request-id"]) == len(forged.headers["x-request-id"]) == 32
    (line,) = log.of(made)
    assert (line["message"], line["method"], line["route"], line["status"]) == ("request", "GET", "-", 404)
    assert line["error"] == "path_not_found"
    assert line["seconds"] > 0


def test_the_log_has_no_text_of_articles_questions_or_keys(guarded: Server, key: str, log: Log) -> None:
    secret = "Xylophone"
    headers = {"Authorization": f"Bearer {key}"}
    post = guarded.http.post
    article = post("/articles", json={"text": f"{secret} sentence.", "title": secret}, headers=headers).json()[
        "article"
    ]
    post("/ask", json={"question": f"What is {secret}?"}, headers=headers)
    post("/ask", json={"question": f"What is {secret}?", "top_k": secret}, headers=headers)
    post("/articles/file", files={"file": (f"{secret}.png", b"\x89PNG\r\n\x1a\n")}, headers=headers)
    post("/session", json={"key": secret})
    guarded.http.get(f"/{secret}?q={secret}", headers={"Authorization": f"Bearer {secret}"})
    call = {"name": "ask_articles", "arguments": {"question": secret, "wrong": secret}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    post("/mcp", json=body, headers=headers | {"Accept": "application/json, text/event-stream"})
    post("/mcp", json={"jsonrpc": secret}, headers=headers | {"Accept": "application/json, text/event-stream"})
    guarded.http.delete(f"/articles/{article['id']}", headers=headers)
    assert [line["status"] for line in log.lines() if line.get("key")][:3] == [201, 200, 422]
    assert {line.get("key") for line in log.lines() if "status" in line} == {"tests", None}
    assert secret not in log.getvalue()
    assert key not in log.getvalue()


def test_a_websocket_upgrade_is_answered_like_any_request(server: Server, log: Log) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}
    response = server.http.get("/Xylophone?q=Xylophone", headers=upgrade)
    assert response.status_code == 404
    assert [line["status"] for line in log.of(response)] == [404]
    assert "Xylophone" not in log.getvalue()


def test_an_unexpected_exception_is_logged_by_type_and_location(assistant: Assistant, log: Log) -> None:
    app = create_app(Settings(), assistant)

    @app.get("/defect")
    def defect() -> None:
        raise ZeroDivisionError("what the article said")

    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        reply = server.http.get("/defect")
    line = next(line for line in log.of(reply) if line["level"] == "error")
    assert line["error"] == "ZeroDivisionError"
    assert any("test_request_log.py" in frame for frame in line["stack"])
    assert "what the article said" not in log.getvalue()


def test_messages_of_other_libraries_are_not_logged(log: Log) -> None:
    logging.getLogger("some.library").warning("It said %s", "what the article said")
    (line,) = log.lines()
    assert line["logger"] == "some.library"
    assert line["at"].startswith("test_request_log.py:")
    assert "message" not in line
