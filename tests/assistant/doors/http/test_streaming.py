"""Streaming, over real sockets to the client and to the language model."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import httpx
import pytest
from openai import OpenAI
from sse_starlette import ServerSentEvent
from sse_starlette.sse import AppStatus

from assistant.assistant import Assistant
from assistant.doors.http import create_app, streaming
from assistant.settings import Settings
from embeddings.encoder import Encoder
from embeddings.library import Library
from tests.model_server import DONE, HEAD, ModelServer, chunk, model_server
from tests.serving import SEED, Server, running

KERRY = "When did Kerry last speak to Lavrov?"
FIRST = "John Kerry last spoke to Sergei Lavrov on Saturday."
SECOND = "Kerry threatened last week to walk away from the talks."
DOORS: dict[str, dict[str, Any]] = {
    "/ask": {"question": KERRY, "stream": True},
    "/v1/chat/completions": {"model": "articles", "messages": [{"role": "user", "content": KERRY}], "stream": True},
}


class Slow:
    """A language model that writes the next sentence when the test says so."""

    def __init__(self) -> None:
        self.go_on = Event()

    def __call__(self, connection: socket.socket, _: str) -> None:
        connection.sendall(HEAD + chunk(f"{FIRST} Kerry"))
        if self.go_on.is_set():
            connection.sendall(chunk(f"{SECOND.removeprefix('Kerry')} ") + DONE)
        else:
            connection.recv(1)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def model(slow: Slow) -> Iterator[ModelServer]:
    with model_server(slow) as server:
        yield server


@pytest.fixture
def writing(model: ModelServer, tmp_path: Path, minilm: Encoder) -> Iterator[Server]:
    """A server with the slow language model."""
    settings = Settings(llm_base_url=model.url, llm_model="slow")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Assistant(Library.open(tmp_path, minilm), settings) as assistant,
    ):
        assistant.add(SEED)
        with running(create_app(settings, assistant), listener) as server:
            yield server


@contextmanager
def reading(server: Server, path: str) -> Iterator[Iterator[tuple[str, Any]]]:
    with server.http.stream("POST", path, json=DOORS[path]) as response:
        yield events(response)


def events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = "chunk"
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: ") and line != "data: [DONE]":
            yield name, json.loads(line.removeprefix("data: "))


def text_of(event: tuple[str, Any]) -> str:
    name, data = event
    if name == "sentence":
        return str(data["text"])
    return str(data["choices"][0]["delta"].get("content", "")) if name == "chunk" and data["choices"] else ""


@pytest.mark.parametrize("path", DOORS)
def test_a_sentence_arrives_before_the_next_is_written_and_a_disconnect_stops_the_work(
    writing: Server, model: ModelServer, path: str
) -> None:
    with reading(writing, path) as stream:
        assert any(FIRST in text_of(event) for event in stream)
        assert not model.done.is_set()
    assert model.done.wait(1), "the connection to the language model is closed within a second"


@pytest.mark.parametrize("path", DOORS)
def test_a_disconnect_before_the_first_sentence_stops_the_work(writing: Server, model: ModelServer, path: str) -> None:
    asked = Event()

    def silent(connection: socket.socket, _: str) -> None:
        asked.set()
        connection.recv(1)

    model.play = silent
    body = json.dumps(DOORS[path]).encode()
    sent = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{sent}\r\n\r\n"
    with socket.create_connection((writing.http.base_url.host, writing.http.base_url.port or 0)) as client:
        client.sendall(head.encode() + body)
        assert asked.wait(30)
    assert model.done.wait(1)


def test_no_sentence_arrives_before_its_citations(writing: Server, slow: Slow) -> None:
    slow.go_on.set()
    with reading(writing, "/ask") as stream:
        came = list(stream)
    sent: set[str] = set()
    for name, data in came:
        if name == "citation":
            sent.add(data["id"])
        elif name == "sentence":
            assert set(data["citations"]) <= sent
    assert [data["text"] for name, data in came if name == "sentence"] == [FIRST, SECOND]
    assert came[-1][0] == "done"
    assert came[-1][1]["answer"] == f"{FIRST} {SECOND}"
    assert came[-1][1]["mode"] == "generative"


def test_a_chat_completion_is_the_same_with_and_without_streaming(writing: Server, slow: Slow) -> None:
    slow.go_on.set()
    path = "/v1/chat/completions"
    with reading(writing, path) as stream:
        streamed = "".join(map(text_of, stream))
    whole = writing.http.post(path, json=DOORS[path] | {"stream": False}).json()["choices"][0]["message"]
    assert streamed == whole["content"]
    for annotation in whole["annotations"]:
        cited = annotation["url_citation"]
        assert whole["content"][cited["start_index"] : cited["end_index"]] in {FIRST, SECOND}


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> Semaphore:
    """A semaphore that every heartbeat releases; the interval is short."""
    beats, beat = Semaphore(0), streaming.heartbeat

    def counted() -> ServerSentEvent:
        beats.release()
        return beat()

    monkeypatch.setattr(streaming, "HEARTBEAT", 0.01)
    monkeypatch.setattr(streaming, "heartbeat", counted)
    return beats


@pytest.fixture
def slow_by_two_beats(model: ModelServer, beats: Semaphore) -> None:
    """Makes the language model wait for two heartbeats."""

    def play(connection: socket.socket, _: str) -> None:
        assert beats.acquire(timeout=30)
        assert beats.acquire(timeout=30)
        connection.sendall(HEAD + chunk(f"{FIRST} ") + DONE)

    model.play = play


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.usefixtures("slow_by_two_beats")
def test_a_heartbeat_is_sent_while_nothing_is_written(writing: Server, path: str) -> None:
    with writing.http.stream("POST", path, json=DOORS[path]) as response:
        frames = "".join(response.iter_text()).split("\n\n")
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    assert "connection" not in response.headers
    assert frames.count(": ping") >= 2
    assert any(FIRST in frame for frame in frames)


@pytest.mark.usefixtures("slow_by_two_beats")
def test_openais_client_ignores_the_heartbeat(writing: Server) -> None:
    with OpenAI(base_url=f"{writing.url}/v1", api_key="none", max_retries=0) as client:
        stream = client.chat.completions.create(**DOORS["/v1/chat/completions"])
        written = [one.choices[0].delta.content or "" for one in stream]
    assert "".join(written).startswith(FIRST.removesuffix("."))


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.usefixtures("slow_by_two_beats")
def test_on_shutdown_a_stream_may_finish(writing: Server, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", True)  # as uvicorn does on SIGTERM
    with reading(writing, path) as stream:
        assert any(FIRST in text_of(event) for event in stream)
