"""Fuzzed requests: valid ones from the OpenAPI document with random values, headers, paths and damage."""

import json
import re
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI

_DEEP = "@deep"  # a placeholder for brackets nested too deeply for a serialiser
_TEXTS = [
    *("", " \n\t ", "\0", "\ud800", "\u202e\u2066", "\ufeff", "e\u0301" * 50, "\U0001f600" * 30, "ẞıſİ", "²³"),
    *("x" * 2001, "“" * 200, "Kerry's " * 150, "(" * 300, "<p>x" * 100, "<ul><li>" * 300, "> " * 300, "- " * 300),
    *('title:"x" AND (NOT', "* OR ^2 ~", "NEAR(a b)", "'; DROP TABLE articles; --", "%s %d {0} {x}", "\\", '"'),
    *("../../etc/passwd", "C:\\nul", "http://[", "http://a:b@c:99999/", "javascript:alert(1)", "file:///etc/passwd"),
    *("2016-02-30", "0000-00-00", "9999-12-31", "20161003", "1e3", "NaN", "true", "null", "articles", "Kerry"),
    *("When did Kerry last speak to Lavrov?", "And what did he say next?", "Who is he?", "What is 1/0 of ½?"),
]
_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1,
    50,
    2**31,
    2**63,
    10**400,
    1.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    [],
    {},
    _DEEP,
]
_KINDS = [
    *("text/plain", "", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "text/event-stream"),
    *("multipart/form-data; boundary=b", "multipart/form-data", "application/merge-patch+json", "\xff/\xff", "*/*"),
]
_ENCODINGS = [
    *[("utf-8", "surrogatepass")] * 9,
    *(("utf-8-sig", "replace"), ("utf-16", "surrogatepass"), ("utf-32-be", "surrogatepass"), ("latin-1", "replace")),
]
_HEADERS: list[tuple[str, list[str]]] = [
    ("authorization", ["Bearer ", "Bearer \xff", "Basic eDp5", "bearer  x  y", "Bearer " + "x" * 5000]),
    ("cookie", ["assistant_key=x", 'assistant_key="\\012', "=; ;=", "a=b; " * 500]),
    ("range", ["bytes=0-0", "bytes=5-3", "bytes=-", "bytes=0-,0-,0-", "bytes=99999999999-", "lines=1"]),
    ("if-none-match", ["*", '"x"', "W/"]),
    ("if-modified-since", ["x", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT"]),
    ("x-request-id", ["x" * 200, "a\xffb", ""]),
    ("accept", ["text/html", "application/json, text/event-stream", "\xff", "*/*;q=x"]),
    ("accept-encoding", ["gzip", "br;q=x", "identity;q=0"]),
    ("origin", ["null", "http://127.0.0.1", "https://elsewhere.example.org", "http://[", "\xff"]),
    ("host", ["evil@127.0.0.1", "elsewhere.example.org", "[::1]:80", "127.0.0.1:x", "", "\xff"]),
    ("content-length", ["0", "5", "99999999999999999999", "-1", "\xb2", "1,1"]),
    ("transfer-encoding", ["chunked", "gzip, chunked"]),
    ("mcp-protocol-version", ["2025-06-18", "1", "\xff"]),
    ("expect", ["100-continue", "nothing"]),
]
_PATHS = [
    "/",
    "//",
    "/static/%s",
    "/static/read.js",
    "/docs",
    "/openapi.json",
    "/read/",
    "/%s",
    "/mcp",
    "/articles/%s/x",
]
_FILES = [
    *(b"", b"Kerry spoke on Saturday.", b"\x00\xff\xfe\x00", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"),
    *(b"http://x/\n1\n2\nReuters\n\nKerry.", b"http://[\nx\n-1\n\n\nKerry.", b"<html><title>x", b"\xff\xfeK\x00e\x00"),
    *(b"# A\n\n> " * 200, b"<ul><li>" * 2000, b"<p>x" * 2000, "“".encode() * 3000, b"a b. " * 500, b"\r" * 900),
    *(b"<table>" * 500 + b"x", b"&#x110000;&#0;&nosuch;", b"[x](" * 500, b"`" * 999, b"<!--" * 400, b"\xed\xa0\x80"),
]
_NAMES = ["x.txt", "x.html", "x.md", "x.pdf", "", "\x00", "../x.txt", "x" * 300 + ".txt", "é“.html", 'a";x="b.txt']


_CITED = {"article_id": "66c0c3438677fd14", "start": 0, "end": 9, "quote": "Kerry"}
_CALLS = [
    {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    for method, params in (
        ("tools/call", {"name": "search_articles", "arguments": {"query": "Kerry", "top_k": 5, "filters": None}}),
        ("tools/call", {"name": "get_article", "arguments": {"article_id": "66c0c3438677fd14", "start": 0, "end": 9}}),
        ("tools/call", {"name": "verify_citations", "arguments": {"citations": [_CITED]}}),
        ("tools/call", {"name": "fetch", "arguments": {"id": "66c0c3438677fd14:0-9"}}),
        ("resources/read", {"uri": "article://66c0c3438677fd14"}),
        (
            "initialize",
            {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
        ),
        ("tools/list", {"cursor": "x"}),
    )
]


class FuzzedRequest(NamedTuple):
    """A fuzzed request. ``waits`` is False if the client disconnects before it is answered."""

    method: str
    path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    waits: bool


class RequestFuzzer:
    """Makes fuzzed requests for every route of an application."""

    def __init__(self, app: FastAPI) -> None:
        document = app.openapi()
        schemas = document["components"]["schemas"]
        self._names = sorted({name for schema in schemas.values() for name in schema.get("properties", {})})
        self._routes: list[tuple[str, str, Any]] = [("POST", "/mcp", call) for call in _CALLS]
        for path, methods in document["paths"].items():
            for method, route in methods.items():
                content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
                name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                self._routes.append((method.upper(), path, schemas[name]["examples"][0] if name else None))

    def make(self, seed: int, number: int) -> FuzzedRequest:
        """Return a request, which is the same for the same seed and number."""
        random = Random(f"{seed} {number}")  # noqa: S311  nothing is kept secret with it
        method, path, example = random.choice(self._routes)
        if random.random() < 0.05:
            method = random.choice(["GET", "HEAD", "PUT", "PATCH", "OPTIONS", "TRACE", "DELETE", "POST", "\x01"])
        if random.random() < 0.1:
            path = random.choice(_PATHS).replace("%s", _text(random))
        path = re.sub(r"{\w+}", lambda _: random.choice(["66c0c3438677fd14", _text(random)]), path)
        query = "".join(
            f"&{random.choice(self._names)}={quote(_text(random), errors='replace')}"
            for _ in range(random.choice([0, 0, 0, 1, 3]))
        )
        if path == "/articles/file":
            kind, body = "multipart/form-data; boundary=b", _form(random)
        else:
            kind, body = "application/json", self._json(random, example)
        headers = {"host": "127.0.0.1", "content-type": kind}
        if path == "/mcp":
            headers["accept"] = "application/json, text/event-stream"
        if random.random() < 0.1:
            headers["content-type"] = random.choice(_KINDS)
        for _ in range(random.choice([0, 0, 0, 1, 3])):
            name, values = random.choice(_HEADERS)
            headers[name] = random.choice(values)
        return FuzzedRequest(
            method,
            path.encode("utf-8", "replace").decode(),
            query.encode(),
            [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            body,
            random.random() > 0.03,
        )

    def _json(self, random: Random, example: Any) -> bytes:
        value = self._mutated(random, example, random.choice([0, 0.02, 0.1, 0.5]))
        text = json.dumps(value, ensure_ascii=random.random() < 0.5)
        depth = random.choice([10, 300, 900, 20_000])
        text = text.replace(
            f'"{_DEEP}"', random.choice(["[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth])
        )
        return _damaged(random, text.encode(*random.choice(_ENCODINGS)))

    def _mutated(self, random: Random, value: Any, chance: float) -> Any:
        if random.random() < chance:
            return random.choice([_text(random), random.choice(_VALUES), [value] * random.choice([2, 21, 1001])])
        if isinstance(value, dict):
            mutated = {
                name: self._mutated(random, inner, chance) for name, inner in value.items() if random.random() >= chance
            }
            if random.random() < 0.3:
                mutated[random.choice([*self._names, _text(random)])] = random.choice([_text(random), *_VALUES])
            return mutated
        return [self._mutated(random, inner, chance) for inner in value] if isinstance(value, list) else value


def _text(random: Random) -> str:
    if random.random() < 0.7:
        return random.choice(_TEXTS)
    return "".join(
        chr(random.choice([random.randrange(1, 128), random.randrange(0x110000)])) for _ in range(random.randrange(30))
    )


def _form(random: Random) -> bytes:
    name = random.choice(_NAMES).encode("utf-8", "replace")
    field = random.choice([b"file", b"file", b"file", b"x", b""])
    head = b'--b\r\nContent-Disposition: form-data; name="' + field + b'"; filename="' + name + b'"\r\n\r\n'
    return _damaged(random, head + random.choice(_FILES) + b"\r\n--b--\r\n")


def _damaged(random: Random, body: bytes) -> bytes:
    offset = random.randrange(len(body) + 1)
    match random.randrange(20):
        case 0:
            return body[:offset]
        case 1:
            return body[:offset] + random.randbytes(3) + body[offset:]
        case 2:
            return b""
        case _:
            return body
