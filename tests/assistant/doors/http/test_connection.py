"""Timeouts, the limit on connections, and invalid requests, with raw bytes on real sockets."""

import json
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from email.message import Message
from http.client import HTTPResponse
from threading import Event
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.security_headers import SECURITY_HEADERS
from assistant.settings import Settings
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords
from tests.serving import Server, running

SHORT = 0.3  # seconds; the timeouts in these tests
HALF_A_HEAD = b"GET /health/live HTTP/1.1\r\nHost: 127"
HALF_A_BODY = b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{"
WHOLE = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes


Serve = Callable[..., AbstractContextManager[tuple[Server, FastAPI]]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant without models."""
    with Library.open(tmp_path_factory.mktemp("small"), HashedWords()) as library:
        yield Assistant(library, Settings(reader="off"))


@pytest.fixture(scope="module")
def serve(small: Assistant) -> Serve:
    """A server with settings of its own."""

    @contextmanager
    def serve(**settings: Any) -> Iterator[tuple[Server, FastAPI]]:
        app = create_app(Settings(rate_limit=0, reader="off", **settings), small)
        with socket.create_server(("127.0.0.1", 0), backlog=500) as listener, running(app, listener) as server:
            yield server, app

    return serve


@pytest.fixture(scope="module")
def impatient(serve: Serve) -> Iterator[Server]:
    with serve(head_timeout=SHORT, body_timeout=SHORT) as (server, _):
        yield server


def connect(server: Server) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def read(connection: socket.socket) -> Reply:
    """Read the next response."""
    response = HTTPResponse(connection)
    response.begin()
    return Reply(response.status, response.headers, response.read())


def replies(connection: socket.socket) -> bytes:
    """Read until the connection is closed."""
    received = b""
    while data := connection.recv(65_536):
        received += data
    return received


def is_over(connection: socket.socket, wait: float = 0) -> bool:
    """True if the server closes the connection within ``wait`` seconds."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return bool(poll.poll(1000 * wait))


def check_refused(connection: socket.socket, status: int, code: str) -> None:
    """Check that the server sends an error with the usual body and headers and closes the connection."""
    reply = read(connection)
    assert reply.status == status
    assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert reply.headers["connection"] == "close"
    assert json.loads(reply.body)["error"]["code"] == code
    assert connection.recv(1) == b""


@pytest.mark.parametrize("part", [HALF_A_HEAD, HALF_A_BODY, WHOLE + HALF_A_HEAD], ids=["head", "body", "a second one"])
def test_a_request_that_does_not_arrive_in_time_is_rejected(impatient: Server, part: bytes) -> None:
    with connect(impatient) as connection:
        connection.sendall(part)
        if part.startswith(WHOLE):
            read(connection)
        check_refused(connection, 408, "too_slow")


def test_a_silent_connection_is_closed(impatient: Server) -> None:
    with connect(impatient) as connection:
        assert replies(connection) == b""


def test_sending_byte_by_byte_does_not_extend_the_timeout(impatient: Server) -> None:
    with connect(impatient) as connection:
        connection.sendall(HALF_A_HEAD)
        connection.settimeout(SHORT / 10)
        for _ in range(1000):
            try:
                received = connection.recv(12)
                break
            except TimeoutError:
                connection.sendall(b"x")
        assert received == b"HTTP/1.1 408"


def test_an_idle_connection_stays_open_between_requests(impatient: Server) -> None:
    with connect(impatient) as connection:
        for _ in range(2):
            connection.sendall(WHOLE)
            assert read(connection).status == 200
            connection.settimeout(2 * SHORT)
            with pytest.raises(TimeoutError):
                connection.recv(1)


def test_the_connection_of_a_client_that_does_not_read_is_reset(impatient: Server, small: Assistant) -> None:
    article = Article.create("Kerry spoke." + "\n" * 8_000_000 + "Lavrov spoke.")  # too long for any buffer on the way
    small.add_article(article)
    with connect(impatient) as connection:
        connection.sendall(f"GET /articles/{article.id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert is_over(connection, wait=30)
    small.remove(article.id)


@pytest.mark.parametrize("part", [b"", HALF_A_HEAD, HALF_A_BODY, WHOLE], ids=["silent", "head", "body", "resting"])
def test_silent_connections_are_closed_for_new_ones(serve: Serve, part: bytes) -> None:
    most, clients = 20, 200
    with serve(max_connections=most) as (server, _), ExitStack() as stack:
        opened = [stack.enter_context(connect(server)) for _ in range(clients)]
        for connection in opened:
            with suppress(ConnectionError):  # it may be closed to make room
                connection.sendall(part)
                if part == WHOLE:
                    read(connection)
        with connect(server) as one_more:
            one_more.sendall(WHOLE)
            assert read(one_more).status == 200
        assert sum(not is_over(connection) for connection in opened) < most


def test_a_connection_over_the_limit_gets_429(serve: Serve) -> None:
    begun, left = Event(), Event()

    def busy() -> None:
        begun.set()
        left.wait(30)

    with serve(max_connections=1) as (server, app):
        app.get("/busy")(busy)
        with connect(server) as first:
            first.sendall(WHOLE.replace(b"/health/live", b"/busy"))
            assert begun.wait(30)
            with connect(server) as second:
                second.sendall(WHOLE)
                check_refused(second, 429, "too_many")
            left.set()
            assert first.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("order", [1, -1])
def test_a_body_with_two_lengths_is_rejected_and_the_rest_is_not_read(impatient: Server, order: int) -> None:
    lengths = [b"Content-Length: 99\r\n", b"Transfer-Encoding: chunked\r\n"][::order]
    with connect(impatient) as connection:
        connection.sendall(
            b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"".join(lengths) + b"\r\n0\r\n\r\n" + WHOLE
        )
        check_refused(connection, 400, "malformed_request")


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + 20_000 * b"x",
        b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["TLS", "no host", "a head too long", "a broken chunk", "another coding", "a length below nothing"],
)
def test_invalid_http_gets_the_usual_error_body(impatient: Server, request_: bytes) -> None:
    with connect(impatient) as connection:
        connection.sendall(request_)
        check_refused(connection, 400, "malformed_request")


def test_bytes_after_an_early_response_are_harmless(impatient: Server, caplog: pytest.LogCaptureFixture) -> None:
    """The response is sent before the body, which turns out to be invalid."""
    with connect(impatient) as connection:
        connection.sendall(b"POST /search HTTP/1.1\r\nHost: evil\r\nContent-Length: 9\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 421"
        connection.sendall(b"123456789" + b"\x00\r\n\r\n")
        assert b"malformed_request" in replies(connection)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
