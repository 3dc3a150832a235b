"""A server on loopback that behaves, and misbehaves, as servers of language models do."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def chunk(content: str) -> bytes:
    """One piece of a reply, as OpenAI's API streams it."""
    data = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": content}}]}
    return f"data: {json.dumps(data)}\n\n".encode()


def writes(*pieces: str) -> "Play":
    """A server that writes these pieces, whatever it is asked."""
    return sends(HEAD, *map(chunk, pieces), DONE)


def sends(*data: bytes, then_stays: bool = False) -> "Play":
    """A server that sends these bytes and closes the connection, or keeps it open without another word."""

    def play(connection: socket.socket, _: str) -> None:
        for one in data:
            connection.sendall(one)
        if then_stays:
            connection.recv(1)

    return play


def never_ends(start: bytes, again: bytes) -> "Play":
    """A server that sends the same bytes again and again, until nobody takes them."""

    def play(connection: socket.socket, _: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(again)

    return play


MISBEHAVIOUR: dict[str, tuple["Play", str]] = {
    "says nothing": (sends(then_stays=True), "took too long"),
    "stops in the middle and stays": (sends(HEAD, chunk("Kerry"), then_stays=True), "took too long"),
    "sends a head again and again": (never_ends(HEAD, b": still here\n\n"), "took too long"),
    "cuts off in the middle": (sends(HEAD, chunk("Kerry last spoke")), "broke off"),
    "cuts off before its head": (sends(b"HTTP/1.1 200"), "broke off"),
    "cuts off in a block": (
        sends(HEAD.replace(b"Connection: close", b"Transfer-Encoding: chunked") + b"99\r\n" + chunk("Kerry")),
        "broke off",
    ),
    "is not HTTP": (sends(b"\x00\xff\x00\xff\r\n\r\n"), "broke off"),
    "is not JSON": (sends(HEAD, b"data: {oops\n\n", DONE), "answered in a form that is not OpenAI's"),
    "is a page": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>"),
        "answered in a form that is not OpenAI's",
    ),
    "has another schema": (
        sends(HEAD, b'data: {"choices": [{"text": "Kerry"}]}\n\n', DONE),
        "answered in a form that is not OpenAI's",
    ),
    "sends an error in the stream": (
        sends(HEAD, b'data: {"error": {"message": "out of memory"}}\n\n', DONE),
        "answered in a form that is not OpenAI's",
    ),
    "writes nothing": (sends(HEAD, DONE), "wrote nothing"),
    "writes without end": (never_ends(HEAD, chunk("Kerry and ")), "would not stop"),
    "writes nothing without end": (never_ends(HEAD, 500 * chunk("")), "would not stop"),
    "comments without end": (never_ends(HEAD, b":" + 99_998 * b"x" + b"\n"), "would not stop"),
    "compresses, although it was not asked to": (
        sends(HEAD.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection") + gzip.compress(chunk("Kerry"))),
        "answered in a form that is not OpenAI's",
    ),
    "says that its bytes are no text": (
        sends(HEAD.replace(b"event-stream", b"event-stream; charset=hex"), chunk("Kerry")),
        "broke off",
    ),
    "writes one line without end": (never_ends(HEAD, b"data: " + 4096 * b"x"), "answered in a form that is not"),
    "does not know the model": (sends(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "refused"),
    "is overloaded": (sends(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"), "refused"),
    "sends elsewhere": (
        sends(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        "refused",
    ),
}


def patience(reason: str) -> float:
    """Seconds to wait for a server: few where waiting is what ends it, else enough for a busy machine."""
    return 0.5 if reason == "took too long" else 30


class ModelServer:
    """Plays the same to each request; keeps what it was asked, and ``done`` when it is over or was left."""

    def __init__(self, play: "Play") -> None:
        self.play = play
        self.heads: list[str] = []
        self.asked: list[str] = []
        self.done = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))

    @property
    def url(self) -> str:
        """What ``llm_base_url`` has to be."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def serve(self) -> None:
        """Take connections, each in its own thread, until the listener is shut."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            head, body = _request(connection)
            self.heads.append(head)
            self.asked.append(body)
            with suppress(OSError):  # the client closed its end
                self.play(connection, body)
            self.done.set()


Play = Callable[[socket.socket, str], None]


@contextmanager
def model_server(play: Play) -> Iterator[ModelServer]:
    """A running server that plays this."""
    server = ModelServer(play)
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def _request(connection: socket.socket) -> tuple[str, str]:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65_536)
    head, _, body = read.partition(b"\r\n\r\n")
    (length,) = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while len(body) < length:
        body += connection.recv(65_536)
    return head.decode(), body.decode()
