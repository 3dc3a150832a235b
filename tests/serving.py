"""A real server for tests, and the article that it holds."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import httpx

from assistant.doors.cli.serving import listen

if TYPE_CHECKING:
    from fastapi import FastAPI

SEED = Path(__file__).parents[1] / "seeds" / "000_074b9eef5278ddf8.txt"


class Server(NamedTuple):
    """A real server in a thread, on a free loopback port."""

    url: str
    http: httpx.Client


def listening(port: int = 0) -> socket.socket:
    """A listening socket on loopback, on a free port unless one is named."""
    return listen("127.0.0.1", port)


@contextmanager
def running(app: "FastAPI", listener: socket.socket) -> Iterator[Server]:
    from assistant.doors.http.server import web_server

    server = web_server(app)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        # The socket listens already, so the first request waits for the server: nothing has to be polled.
        with httpx.Client(base_url=url, timeout=60) as http:
            http.get("/health/live")
            yield Server(url, http)
    finally:
        server.should_exit = True
        thread.join()
