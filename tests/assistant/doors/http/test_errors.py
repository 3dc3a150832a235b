"""Errors have the same body on every route. Requests are sent byte for byte."""

import asyncio
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.types import Message

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.errors import STATUS, error_response, status_of
from assistant.doors.http.security_headers import SECURITY_HEADERS
from assistant.doors.schemas import ErrorReply
from assistant.errors import MalformedSource, UnknownKind
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError, InvalidInput, LibraryBusy, LibraryMismatch, LibraryUnreadable
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer
from tests.serving import Server, listening, running

JSON = "application/json"
FORM = "multipart/form-data; boundary=b"


class Case(NamedTuple):
    status: int
    code: str
    request: str
    body: str | bytes = ""
    content_type: str = JSON


def upload(name: str, data: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n--b--\r\n"


CASES = {
    "unknown path": Case(404, "path_not_found", "GET /nowhere"),
    "unknown asset": Case(404, "path_not_found", "GET /static/nowhere.js"),
    "asset outside the folder": Case(404, "path_not_found", "GET /static/../__init__.py"),
    "a slash too many": Case(404, "path_not_found", "GET /articles/"),
    "a slash too many in a question": Case(404, "path_not_found", "POST /ask/", '{"question": "Who?"}'),
    "wrong method": Case(405, "method_not_allowed", "GET /ask"),
    "wrong method on an asset": Case(405, "method_not_allowed", "POST /static/read.js"),
    "unknown article": Case(404, "article_not_found", "GET /articles/nothing"),
    "unknown article as a page": Case(404, "article_not_found", "GET /read/nothing"),
    "unknown article to remove": Case(404, "article_not_found", "DELETE /articles/nothing"),
    "an id that is not UTF-8": Case(404, "article_not_found", "GET /articles/%ED%A0%80%00"),
    "broken JSON": Case(400, "malformed_request", "POST /ask", '{"question": '),
    "broken JSON of no type": Case(400, "malformed_request", "POST /ask", '{"question": ', ""),
    "bytes that are not UTF-8": Case(400, "malformed_request", "POST /ask", b'{"question": "\xff"}'),
    "bottomless JSON": Case(400, "malformed_request", "POST /ask", "[" * 50_000),
    "bottomless JSON of another type": Case(400, "malformed_request", "POST /ask", "[" * 50_000, "text/plain"),
    "a broken form": Case(400, "malformed_request", "POST /articles/file", "x", FORM),
    "a form without boundary": Case(400, "malformed_request", "POST /articles/file", "x", "multipart/form-data"),
    "JSON sent as a form": Case(415, "wrong_content_type", "POST /ask", '{"question": "Who?"}', "text/plain"),
    "no body": Case(422, "invalid_input", "POST /ask"),
    "a body that is no object": Case(422, "invalid_input", "POST /ask", "[1]"),
    "no question": Case(422, "invalid_input", "POST /ask", "{}"),
    "an empty question": Case(422, "invalid_input", "POST /ask", '{"question": ""}'),
    "a blank question": Case(422, "invalid_input", "POST /ask", '{"question": " \\n\\t "}'),
    "a question too long": Case(422, "invalid_input", "POST /ask", json.dumps({"question": "x" * 20_000})),
    "a question that is a number": Case(422, "invalid_input", "POST /ask", '{"question": 1}'),
    "half a character in the question": Case(422, "invalid_input", "POST /ask", '{"question": "\\ud800"}'),
    "half a character in the history": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "history": [{"role": "user", "content": "\\udfff"}]}'
    ),
    "half a character in a filter": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"article_ids": ["\\ud800"]}}'
    ),
    "half a character in a name": Case(422, "invalid_input", "POST /ask", '{"question": "x", "\\ud800": 1}'),
    "an unknown field": Case(422, "invalid_input", "POST /ask", '{"question": "x", "topk": 3}'),
    "top_k of 0": Case(422, "invalid_input", "POST /ask", '{"question": "x", "top_k": 0}'),
    "top_k of 10,000": Case(422, "invalid_input", "POST /ask", '{"question": "x", "top_k": 10000}'),
    "top_k that is no number": Case(422, "invalid_input", "POST /ask", '{"question": "x", "top_k": NaN}'),
    "top_k that is a truth": Case(422, "invalid_input", "POST /ask", '{"question": "x", "top_k": true}'),
    "an unknown mode": Case(422, "invalid_input", "POST /ask", '{"question": "x", "mode": "magic"}'),
    "an unknown role": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "history": [{"role": "root", "content": "x"}]}'
    ),
    "too long a history": Case(
        422,
        "invalid_input",
        "POST /ask",
        json.dumps({"question": "x", "history": [{"role": "user", "content": "x"}] * 21}),
    ),
    "a date that is none": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"published_after": "2016-02-30"}}'
    ),
    "a date that is a number": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"published_after": 20161003}}'
    ),
    "a day that is a number": Case(422, "invalid_input", "POST /articles", '{"text": "x", "published": 20161003}'),
    "a day that is a number in a string": Case(
        422, "invalid_input", "POST /articles", '{"text": "x", "published": "20161003"}'
    ),
    "a truth that is a number": Case(422, "invalid_input", "POST /ask", '{"question": "x", "explain": 0}'),
    "an offset that is a truth": Case(
        422,
        "invalid_input",
        "POST /verify",
        '{"citations": [{"article_id": "x", "start": false, "end": true, "quote": "x"}]}',
    ),
    "an unknown filter": Case(422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"author": "x"}}'),
    "conditions that are none": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"metadata": "section: Sport"}}'
    ),
    "conditions that are an object": Case(
        422, "invalid_input", "POST /ask", '{"question": "x", "filters": {"metadata": {"section": "Sport"}}}'
    ),
    "wrong values in a stream": Case(422, "invalid_input", "POST /ask", '{"question": "", "stream": true}'),
    "a blank query": Case(422, "invalid_input", "POST /search", '{"query": " "}'),
    "a query's top_k": Case(422, "invalid_input", "POST /search", '{"query": "x", "top_k": 51}'),
    "an article without a body": Case(422, "invalid_input", "POST /articles", '{"title": "x"}'),
    "an article with two bodies": Case(422, "invalid_input", "POST /articles", '{"text": "x", "html": "x"}'),
    "an article that is blank": Case(422, "invalid_input", "POST /articles", '{"text": " \\n "}'),
    "half a character in an article": Case(422, "invalid_input", "POST /articles", '{"text": "a \\udc00 b"}'),
    "a form without a file": Case(
        422,
        "invalid_input",
        "POST /articles/file",
        '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nx\r\n--b--\r\n',
        FORM,
    ),
    "a file of unknown kind": Case(
        415, "unknown_kind", "POST /articles/file", upload("x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), FORM
    ),
    "too large an article": Case(413, "too_large", "POST /articles", json.dumps({"text": "x" * 100_001})),
    "too large a file": Case(413, "too_large", "POST /articles/file", upload("x.txt", b"x" * 100_001), FORM),
    "too large a body": Case(413, "too_large", "POST /articles", "x" * 400_000),
    "a limit of 0": Case(422, "invalid_input", "GET /articles?limit=0"),
    "a limit of 10,000": Case(422, "invalid_input", "GET /articles?limit=10000"),
    "a cursor from elsewhere": Case(422, "invalid_input", "GET /articles?cursor=nonsense"),
}


def send(server: Server, head: str, body: bytes = b"") -> tuple[HTTPResponse, bytes]:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"{head}\r\nHost: {host}\r\nConnection: close\r\n".encode("latin-1"))
        connection.sendall(b"\r\n" + body)
        response = HTTPResponse(connection)
        response.begin()
        return response, response.read()


def check_body(body: bytes) -> dict[str, str]:
    reply: dict[str, dict[str, str]] = json.loads(body)
    assert list(reply) == ["error"]
    detail = reply["error"]
    assert list(detail) == ["code", "message", "expected", "got", "hint"]
    assert all(isinstance(part, str) and part.strip() and len(part) <= 500 for part in detail.values()), detail
    assert b"Traceback" not in body
    return detail


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_error_has_its_status_and_the_usual_body(server: Server, case: Case) -> None:
    body = case.body.encode() if isinstance(case.body, str) else case.body
    head = f"{case.request} HTTP/1.1\r\nContent-Length: {len(body)}"
    if case.content_type:
        head += f"\r\nContent-Type: {case.content_type}"
    response, received = send(server, head, body)
    detail = check_body(received)
    assert (response.status, detail["code"]) == (case.status, case.code), detail
    assert response.headers["content-type"] == JSON
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("path", ["/articles", "/mcp"])
def test_a_chunked_body_over_the_limit_is_rejected_while_it_is_sent(server: Server, path: str) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(50):
            yield b"x" * 100_000

    headers = {"Content-Type": JSON, "Accept": f"{JSON}, text/event-stream"}
    response = server.http.post(path, content=endless(), headers=headers)
    assert response.status_code == 413
    check_body(response.content)


def test_a_content_length_over_the_limit_is_rejected_before_the_body_is_sent(server: Server) -> None:
    response, body = send(
        server, "POST /articles HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 999999999"
    )
    assert response.status == 413
    assert check_body(body)["got"] == "999999999 bytes"


def test_a_client_that_sends_a_large_body_gets_the_error_not_a_reset(server: Server) -> None:
    for _ in range(5):
        response = server.http.post("/articles", content=b"x" * 5_000_000, headers={"Content-Type": JSON})
        assert response.status_code == 413


@pytest.mark.parametrize("range_", ["bytes=5-3", "bytes=99999999-", "lines=1", "bytes=0-1"])
def test_a_range_is_ignored_and_the_file_sent_whole(server: Server, range_: str) -> None:
    for path in ("/static/base.css", "/static-offline-docs/swagger-ui.css"):
        response = server.http.get(path, headers={"Range": range_})
        assert (response.status_code, len(response.content)) == (200, int(response.headers["content-length"]))


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/ask", "POST"),
        ("/articles", "GET, HEAD, POST"),
        ("/articles/x", "DELETE, GET, HEAD"),
        ("/static/base.css", "GET, HEAD"),
    ],
)
def test_a_wrong_method_gets_the_list_of_allowed_ones(server: Server, path: str, allowed: str) -> None:
    response = server.http.put(path)
    assert check_body(response.content)["expected"] == response.headers["allow"] == allowed


def test_an_error_names_all_invalid_fields(server: Server) -> None:
    response = server.http.post("/ask", json={"question": "", "top_k": 0})
    message = check_body(response.content)["message"]
    assert "question" in message
    assert "top_k" in message


@pytest.mark.parametrize(
    ("kind", "status"),
    [(LibraryBusy, 409), (LibraryMismatch, 409), (LibraryUnreadable, 500), (UnknownKind, 415), (MalformedSource, 422)],
)
def test_an_error_has_the_status_of_its_nearest_class(kind: type[ArticleAssistantError], status: int) -> None:
    assert status_of(kind("m", expected="e", got="g", hint="h")) == status


def test_every_error_class_has_a_status() -> None:
    def below(kind: type[ArticleAssistantError]) -> Iterator[type[ArticleAssistantError]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    assert all(any(base in STATUS for base in kind.__mro__) for kind in below(ArticleAssistantError))


def test_an_unexpected_exception_reveals_no_details(assistant: Assistant) -> None:
    app = create_app(Settings(), assistant)

    @app.get("/defect")
    def defect() -> None:
        raise ZeroDivisionError("a secret of the server")

    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        response = server.http.get("/defect")
    assert response.status_code == 500
    assert check_body(response.content)["code"] == "internal_error"
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert b"secret" not in response.content


def test_a_request_that_is_cut_off_by_a_shutdown_gets_the_usual_error_body(assistant: Assistant) -> None:
    app = create_app(Settings(), assistant)
    sent: list[Message] = []

    async def stopped() -> None:
        never, begun = asyncio.Event(), asyncio.Event()

        @app.get("/long")
        async def long() -> None:
            begun.set()
            await never.wait()

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            sent.append(message)

        asked = {"type": "http", "method": "GET", "path": "/long", "query_string": b"", "server": ("127.0.0.1", 80)}
        request = asyncio.ensure_future(app({**asked, "headers": [(b"host", b"localhost")]}, receive, send))
        await begun.wait()
        request.cancel()
        await asyncio.wait([request])

    asyncio.run(stopped())
    assert sent[0]["status"] == 503
    assert {(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()} <= set(
        sent[0]["headers"]
    )
    assert check_body(sent[1]["body"])["message"] == "The server is stopping."


@pytest.mark.parametrize("text", ["x" * 100_000, "\ud800"], ids=["long", "half a character"])
def test_long_or_invalid_text_in_an_error_is_truncated_or_escaped(text: str) -> None:
    error = InvalidInput("m", expected="e", got=text, hint="h")
    body: dict[str, Any] = json.loads(bytes(error_response(error, {}).body))
    assert len(body["error"]["got"]) <= 500
    assert ErrorReply.model_validate(body)


def test_a_database_server_that_stops_is_a_503_until_it_is_back(
    postgres: PostgresServer, settings: Settings, tmp_path: Path, encoder: HashedWords
) -> None:
    library = Library.open(tmp_path, encoder, database_url=postgres.library_url())
    with Assistant(library, settings) as assistant, running(create_app(settings, assistant), listening()) as server:
        list(library.add([Article.create("Kerry spoke to Lavrov.")]))
        postgres.stop()
        try:
            replies = [server.http.get("/articles"), server.http.post("/search", json={"query": "Lavrov"})]
        finally:
            postgres.start()
        assert {(reply.status_code, reply.json()["error"]["code"]) for reply in replies} == {
            (503, "library_unreachable")
        }
        found = server.http.post("/search", json={"query": "Lavrov"})
        assert len(found.json()["passages"]) == 1
