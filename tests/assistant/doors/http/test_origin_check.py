import socket
from collections.abc import Iterator

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.serving import Server, running

ELSEWHERE = "https://elsewhere.example.org"
FRIEND = "https://friend.example.org"
FORM = {"file": ("planted.txt", b"A page elsewhere sent this.")}


@pytest.fixture(scope="module")
def friendly(assistant: Assistant) -> Iterator[Server]:
    """A server with an allowed origin in its settings."""
    app = create_app(Settings(cors_origins=FRIEND, rate_limit=0), assistant)
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        yield server


@pytest.mark.parametrize(
    "origin", [ELSEWHERE, "null", "http://127.0.0.1.example.org", "https://[bad", "http://evil@127.0.0.1", ""]
)
def test_a_form_on_another_site_cannot_add_an_article(server: Server, origin: str) -> None:
    before = server.http.get("/articles").json()
    reply = server.http.post("/articles/file", files=FORM, headers={"Origin": origin})
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "cross_site")
    assert server.http.get("/articles").json() == before


def test_the_cookie_does_not_help_another_site(signed_in: httpx.Client) -> None:
    assert signed_in.post("/search", json={"query": "x"}, headers={"Origin": ELSEWHERE}).status_code == 403
    own = str(signed_in.base_url).rstrip("/")
    assert signed_in.post("/search", json={"query": "x"}, headers={"Origin": own}).status_code == 200


@pytest.mark.parametrize("path", ["/articles", "/mcp", "/docs"])
def test_an_unknown_host_is_rejected(server: Server, path: str) -> None:
    reply = server.http.get(path, headers={"Host": "rebound.example.org"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (421, "wrong_host")


@pytest.mark.parametrize(
    "host", ["evil@127.0.0.1", "evil:x@localhost:80", "127.0.0.1/x", "127.0.0.1?x", "127.0.0.1#x", "[::1", ""]
)
def test_a_malformed_host_is_rejected(server: Server, host: str) -> None:
    assert server.http.get("/articles", headers={"Host": host}).status_code == 421


def test_with_keys_any_host_is_accepted(guarded: Server, key: str) -> None:
    headers = {"Host": "some.name.example.org", "Authorization": f"Bearer {key}"}
    assert guarded.http.get("/articles", headers=headers).status_code == 200


def test_by_default_no_other_site_can_read_responses(server: Server) -> None:
    reply = server.http.get("/articles", headers={"Origin": ELSEWHERE})
    assert "access-control-allow-origin" not in reply.headers


def test_an_origin_in_the_settings_is_accepted(friendly: Server) -> None:
    asked = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    preflight = friendly.http.options("/ask", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == FRIEND
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    reply = friendly.http.post("/search", json={"query": "Kerry"}, headers={"Origin": FRIEND})
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == FRIEND
    assert friendly.http.post("/search", json={"query": "x"}, headers={"Origin": ELSEWHERE}).status_code == 403
