import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from assistant.api import create_app
from assistant.assistant import Assistant
from assistant.settings import Settings

SEED = Path(__file__).parents[2] / "seeds" / "000_074b9eef5278ddf8.txt"


class Server(NamedTuple):
    """A real server in a thread, on a free loopback port."""

    url: str
    http: httpx.Client


@contextmanager
def running(app: FastAPI, listener: socket.socket) -> Iterator[Server]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
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


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> Settings:
    return Settings(
        library=tmp_path_factory.mktemp("library"), port=listener.getsockname()[1], max_article_bytes=100_000
    )


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Iterator[Assistant]:
    """An assistant whose library holds the seed article."""
    with Assistant.open(settings=settings) as assistant:
        assistant.add(SEED)
        yield assistant


@pytest.fixture(scope="session")
def server(settings: Settings, assistant: Assistant, listener: socket.socket) -> Iterator[Server]:
    """The HTTP door over that assistant."""
    with running(create_app(settings, assistant), listener) as server:
        yield server
