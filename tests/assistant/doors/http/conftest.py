"""Fixtures of a server with an API key."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.serving import Server, running


@pytest.fixture(scope="session")
def key() -> str:
    return create_key()


@pytest.fixture(scope="session")
def guarded(assistant: Assistant, key: str) -> Iterator[Server]:
    """A server with one key, and a client that does not send it."""
    settings = Settings(api_keys=key_entry("tests", key), rate_limit=0, max_article_bytes=100_000)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        running(create_app(settings, assistant), listener) as server,
    ):
        yield server


@pytest.fixture
def signed_in(guarded: Server, key: str) -> Iterator[httpx.Client]:
    """A client with the cookie of a signed-in browser."""
    with httpx.Client(base_url=guarded.url, timeout=60) as client:
        assert client.post("/session", json={"key": key}).status_code == 204
        yield client
