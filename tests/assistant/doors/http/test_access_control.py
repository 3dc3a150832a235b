import socket
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.doors import page
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.serving import Server, running

PATHS = ["/", "/docs", "/openapi.json", "/metrics", "/health/ready", "/articles", "/nowhere", "/static/read.js", "/mcp"]
PATHS += ["/v1/models", "/session", "/health/live/", "/static/../read.html", "/static-offline-docs/swagger-ui.css"]
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def told(response: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Everything in a response but the date and the request id."""
    own = {"date", "x-request-id"}
    return response.status_code, response.content, {n: v for n, v in response.headers.items() if n not in own}


def test_a_key_is_accepted_on_every_route(guarded: Server, key: str) -> None:
    assert guarded.http.get("/articles", headers=bearer(key)).status_code == 200
    assert guarded.http.get("/v1/models", headers=bearer(key)).status_code == 200
    assert guarded.http.get("/metrics", headers=bearer(key)).status_code == 200
    assert guarded.http.get("/docs", headers=bearer(key)).status_code == 200
    assert guarded.http.get("/mcp", headers=bearer(key)).status_code == 405


@pytest.mark.parametrize("headers", [{}, BROWSER], ids=["program", "browser"])
def test_without_a_key_every_path_has_the_same_response(
    guarded: Server, assistant: Assistant, headers: dict[str, str]
) -> None:
    (article, *_), _ = assistant.articles()
    paths = [*PATHS, f"/articles/{article.id}", "/articles/nothing", f"/read/{article.id}", "/read/nothing"]
    replies = [told(guarded.http.get(path, headers=headers)) for path in paths]
    assert replies == replies[:1] * len(paths)
    assert replies[0][0] == 401
    assert replies[0][2]["www-authenticate"] == "Bearer"


def test_without_a_key_every_method_is_rejected(guarded: Server) -> None:
    replies = [
        told(guarded.http.request(method, path))
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH")
        for path in ("/ask", "/articles", "/articles/nothing", "/mcp", "/v1/chat/completions", "/nowhere")
    ]
    assert replies == replies[:1] * len(replies)
    assert replies[0][0] == 401


def test_without_a_key_a_script_in_a_browser_gets_the_usual_error_body(guarded: Server) -> None:
    asking = {"Origin": "https://elsewhere.example.org", "Access-Control-Request-Method": "GET"}
    assert guarded.http.options("/articles", headers=asking).status_code == 401


def test_a_wrong_key_reveals_nothing(guarded: Server, key: str) -> None:
    wrong = [create_key(), key[:-1], key + "x", "é"]
    replies = [
        told(guarded.http.get("/articles", headers={b"Authorization": f"Bearer {one}".encode()})) for one in wrong
    ]
    assert {status for status, _, _ in replies} == {401}
    assert b"not known" in replies[0][1]
    assert key.encode() not in b"".join(content for _, content, _ in replies)


def test_only_sign_in_and_liveness_are_public(guarded: Server) -> None:
    assert guarded.http.get("/health/live").status_code == 200
    for name in page.SIGN_IN_ASSETS:
        assert guarded.http.get(f"/static/{name}").status_code == 200


def test_the_cookie_gives_access_to_the_pages(signed_in: httpx.Client, assistant: Assistant) -> None:
    (article, *_), _ = assistant.articles()
    assert signed_in.get("/session").status_code == 204
    shown = signed_in.get(f"/read/{article.id}", headers=BROWSER)
    assert shown.status_code == 200
    assert 'id="text"' in shown.text


def test_signing_out_deletes_the_cookie(signed_in: httpx.Client) -> None:
    assert signed_in.delete("/session").status_code == 204
    assert signed_in.get("/session").status_code == 401


def test_a_wrong_key_does_not_sign_in(guarded: Server) -> None:
    reply = guarded.http.post("/session", json={"key": create_key()})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "key_refused")
    assert "set-cookie" not in reply.headers


def test_the_cookie_is_httponly_and_samesite(guarded: Server, key: str) -> None:
    cookie = guarded.http.post("/session", json={"key": key}).headers["set-cookie"]
    guarded.http.cookies.clear()
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # plain HTTP over loopback


def test_behind_https_the_cookie_is_secure_and_has_the_path_of_the_base_url(assistant: Assistant, key: str) -> None:
    settings = Settings(api_keys=key_entry("tests", key), base_url="https://example.org/articles")
    with socket.create_server(("127.0.0.1", 0)) as listener, running(create_app(settings, assistant), listener) as it:
        cookie = it.http.post("/session", json={"key": key}).headers["set-cookie"]
        asks_for_the_key = it.http.get("/", headers=BROWSER).text
    assert "Secure" in cookie
    assert "Path=/articles" in cookie
    assert '"/articles/static/signin.js"' in asks_for_the_key


def test_the_limit_of_the_sign_in_body_is_low(guarded: Server) -> None:
    assert guarded.http.post("/session", content=b"x" * 5_000).status_code == 413


def test_without_keys_only_loopback_is_accepted(assistant: Assistant) -> None:
    app = create_app(Settings(base_url="http://articles.example.org"), assistant)
    with socket.create_server(("0.0.0.0", 0)) as listener, running(app, listener) as server:
        port = urlsplit(server.url).port
        elsewhere = httpx.get(f"http://{own_address()}:{port}/articles", headers={"Host": "articles.example.org"})
        assert server.http.get("/articles").status_code == 200
    assert elsewhere.status_code == 401


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("127.0.0.1", 200), ("testserver", 401)])
def test_a_server_that_has_a_name_for_an_address_is_on_loopback_if_that_is_localhost(
    assistant: Assistant, host: str, status: int
) -> None:
    app = create_app(Settings(base_url=f"http://{host}"), assistant)
    assert TestClient(app, base_url=f"http://{host}").get("/articles").status_code == status


def own_address() -> str:
    """An address of this machine other than loopback, found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(probe.getsockname()[0])
