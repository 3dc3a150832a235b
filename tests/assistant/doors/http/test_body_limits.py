"""Limits on what a client sends. The bytes are counted at the client's end of a real socket."""

import json
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from fastapi import FastAPI

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from embeddings.text.article import Article
from tests.serving import Server, running

CLIENTS = 60  # more than the server has threads
GIGABYTE = 1_000_000_000
MEGABYTE = b"x" * 1_000_000


@contextmanager
def serving(app: FastAPI) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as listener, running(app, listener) as server:
        yield server


def connect(server: Server) -> socket.socket:
    address = httpx.URL(server.url)
    return socket.create_connection((address.host, address.port), timeout=60)


def head(request: str, *headers: str) -> bytes:
    return "\r\n".join([f"{request} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def send_a_gigabyte(server: Server, *headers: str, chunked: bool) -> int:
    """The number of bytes that could be sent before the connection was closed."""
    chunk = b"%x\r\n%b\r\n" % (len(MEGABYTE), MEGABYTE) if chunked else MEGABYTE
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {GIGABYTE}"
    with connect(server) as connection:
        connection.sendall(head("POST /articles", "Content-Type: application/json", length, *headers))
        for sent in range(0, GIGABYTE, len(MEGABYTE)):
            try:
                connection.sendall(chunk)
            except (BrokenPipeError, ConnectionResetError):
                return sent
    return GIGABYTE


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "with its length"])
@pytest.mark.parametrize("known", [True, False], ids=["with a key", "without"])
def test_a_gigabyte_is_not_read_to_its_end(guarded: Server, key: str, known: bool, chunked: bool) -> None:
    headers = [f"Authorization: Bearer {key}"] if known else []
    assert send_a_gigabyte(guarded, *headers, chunked=chunked) < 30_000_000
    assert guarded.http.get("/health/live").status_code == 200


def test_a_rejected_client_gets_the_error_though_its_body_was_not_read(guarded: Server) -> None:
    body = (MEGABYTE for _ in range(5))
    assert guarded.http.post("/articles", content=body).status_code == 401
    assert guarded.http.post("/articles", content=MEGABYTE * 5).status_code == 401


def test_clients_that_send_slowly_occupy_no_worker(assistant: Assistant) -> None:
    """There are more slow clients than threads, and a fast one."""
    app = create_app(Settings(questions_at_once=1, max_waiting=0, rate_limit=0), assistant)
    body = json.dumps({"query": "Kerry"}).encode()
    request = head("POST /search", "Content-Type: application/json", f"Content-Length: {len(body)}") + body
    with serving(app) as server, ExitStack() as open_ones:
        slow = [open_ones.enter_context(connect(server)) for _ in range(CLIENTS)]
        for connection in slow:
            connection.sendall(request[:-1])
        assert server.http.post("/search", json={"query": "Kerry"}).status_code == 200
        for connection in slow:
            connection.sendall(request[-1:])
            assert connection.recv(12) == b"HTTP/1.1 200"


def test_clients_that_read_slowly_occupy_no_worker(assistant: Assistant) -> None:
    article = Article.create("Kerry spoke." + "\n" * 2_000_000 + "Lavrov spoke.")  # too long for any buffer on the way
    assistant.add_article(article)
    with serving(create_app(Settings(rate_limit=0), assistant)) as server, ExitStack() as open_ones:
        for _ in range(CLIENTS):
            connection = open_ones.enter_context(connect(server))
            connection.sendall(head(f"GET /articles/{article.id}"))
            assert connection.recv(12) == b"HTTP/1.1 200"  # the client does not read the rest
        assert server.http.get("/articles/nothing").status_code == 404
    assistant.remove(article.id)


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
@pytest.mark.parametrize("path", ["/articles", "/ask", "/mcp"])
def test_a_body_with_too_many_values_is_rejected_before_it_is_parsed(server: Server, path: str, kind: str) -> None:
    headers = {"Content-Type": kind, "Accept": "application/json, text/event-stream"}
    reply = server.http.post(path, content=b"[" + b"0," * 150_000 + b"0]", headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_large")


def test_the_total_size_of_bodies_is_limited_and_small_ones_always_pass(assistant: Assistant) -> None:
    body = b'{"query": "' + 3_900_000 * b" "
    request = head("POST /search", "Content-Type: application/json", f"Content-Length: {len(body) + 2}") + body
    with serving(create_app(Settings(rate_limit=0, max_article_bytes=1000), assistant)) as server:
        with ExitStack() as open_ones:
            unfinished = [open_ones.enter_context(connect(server)) for _ in range(5)]
            for connection in unfinished:
                connection.sendall(request)
            (refused, *_), *_ = select.select(unfinished, [], [], 30)
            assert refused.recv(12) == b"HTTP/1.1 429"
            assert server.http.post("/search", json={"query": "Kerry"}).status_code == 200
        as_json = {"Content-Type": "application/json"}
        while (reply := server.http.post("/search", content=body + b'"}', headers=as_json)).status_code == 429:
            pass
        assert reply.status_code == 422  # the query is blank
