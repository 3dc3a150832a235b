"""The inputs of ``benchmarks.hostile``, at the largest accepted sizes."""

import asyncio
import json
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from time import perf_counter
from typing import Any, NamedTuple

import httpx

from assistant.request import MAX_QUOTED_CHARACTERS
from embeddings.text.article import Article
from embeddings.text.passage import MAX_PASSAGE_LENGTH

MB = 1_000_000
CLIENTS = 1500
BODY_TIMEOUT = 20  # seconds: shorter than by default, so that the benchmark takes less time
QUICK, READING, WAITING = 30.0, 90.0, BODY_TIMEOUT + 10.0  # seconds within which an input has to end
HOST = b"Host: 127.0.0.1\r\n"


class Target(NamedTuple):
    """A server, its library's folder, and the ids of the articles that were added to it."""

    http: httpx.AsyncClient
    library: Path
    added: set[str]

    async def post(self, path: str, body: object = None, **options: Any) -> str:
        """Send a request and return the status and the error code of the response."""
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
            options = {"content": text, "headers": {"Content-Type": "application/json"}, **options}
        reply = await self.http.post(path, **options)
        if reply.status_code == 201:
            self.added.add(reply.json()["article"]["id"])
        code = reply.json()["error"]["code"] if reply.is_error else ""
        return f"{reply.status_code} {code}".rstrip()

    async def clear(self) -> None:
        """Remove the articles that were added."""
        for article_id in sorted(self.added):
            (await self.http.delete(f"/articles/{article_id}")).raise_for_status()
        self.added.clear()

    def connect(self) -> "Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]":
        """Open a connection."""
        return asyncio.open_connection(self.http.base_url.host, self.http.base_url.port)

    async def raw(self, head: bytes) -> str:
        """Send bytes, read until the server closes the connection, and return the status of the first response."""
        reader, writer = await self.connect()
        writer.write(head)
        received = await reader.read()
        writer.close()
        return received[9:12].decode() or "closed"


class Input(NamedTuple):
    """The seconds within which the input has to end, and a function that sends it and returns how it ended."""

    limit: float
    send: Callable[[Target], Awaitable[str]]


def bulletin(number: int) -> Article:
    """Return a short article."""
    text = f"Bulletin {number} says that grain rose by {number} cents. It was written on a Monday, and read by many."
    return Article.create(text, title=f"Bulletin {number}", path=f"bulletin-{number}")


def large_article() -> Article:
    """Return an article of 360 kB with short, distinct paragraphs."""
    lines = (f"Station {n} measured {n * 7 % 91} degrees and sent {n * 3} reports to the office." for n in range(5100))
    return Article.create("\n\n".join(lines), title="Reports of all stations", path="stations")


def _post(path: str, body: Callable[[], object], limit: float = QUICK, **options: Any) -> Input:
    """Return an input of one request, whose body is made when it is sent."""
    return Input(limit, lambda target: target.post(path, body(), **options))


def _ask(question: str, limit: float = QUICK, **fields: object) -> Input:
    return _post("/ask", lambda: {"question": question, "mode": "extractive", **fields}, limit)


def _history(content: str) -> Input:
    turns = [{"role": role, "content": content[:20_000]} for role in ("user", "assistant")] * 10
    return _ask("And what did he say next?", history=turns)


def _text(kind: str, piece: str, size: int = 20 * MB) -> Input:
    times = size // len(piece.encode())
    return _post("/articles", lambda: {kind: piece * times, "title": piece[:9]}, READING)


def _given_up(body: Callable[[], object], seconds: float) -> Input:
    """Return an input of an article that takes minutes to encode, whose client times out, and then another article."""

    async def send(target: Target) -> str:
        with suppress(httpx.TimeoutException):
            await target.post("/articles", body(), timeout=seconds)
        return "given up; the next " + await target.post("/articles", {"text": "Kerry spoke of an article."})

    return Input(seconds + QUICK, send)


def _cut_off(path: str, body: Callable[[], object]) -> Input:
    """Return an input that is refused early, while so much of its body remains that the server closes the connection.

    The client may not see the refusal then.
    """

    async def send(target: Target) -> str:
        try:
            return await target.post(path, body())
        except (httpx.ReadError, httpx.WriteError):
            return f"cut off; {(await target.http.get('/health/live')).status_code}"

    return Input(QUICK, send)


def _file(name: str, piece: bytes) -> Input:
    times = 20 * MB // len(piece)
    return Input(READING, lambda target: target.post("/articles/file", files={"file": (name, piece * times)}))


def _verify(citations: int, quote: int) -> Input:
    async def send(target: Target) -> str:
        page = (await target.http.get("/articles", params={"limit": 100})).json()["articles"]
        largest = max(page, key=lambda article: article["characters"])
        text = (await target.http.get(f"/articles/{largest['id']}")).json()["text"][:quote]
        almost = text[::-1][: quote // 2] + text[: quote - quote // 2]
        ids = [largest["id"], *(article["id"] for article in page)][:100]
        cited = [
            {"article_id": ids[n % len(ids)], "start": n, "end": n + quote, "quote": almost[n % 9 :]}
            for n in range(citations)
        ]
        return await target.post("/verify", {"citations": cited})

    return Input(QUICK, send)


def _raw(head: bytes) -> Input:
    return Input(QUICK, lambda target: target.raw(head))


def _flood(part: bytes) -> Input:
    """Return an input of more connections than are accepted, each of which sends some bytes and no more."""

    async def send(target: Target) -> str:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
        opened = [await target.connect() for _ in range(CLIENTS)]
        for _, writer in opened:
            writer.write(part)
        replies = await asyncio.gather(*(reader.read() for reader, _ in opened), return_exceptions=True)
        for _, writer in opened:
            writer.close()
        refused = sum(isinstance(reply, bytes) and reply[9:10] == b"4" for reply in replies)
        return f"{len(replies)} closed, {refused} told why"

    return Input(WAITING, send)


async def _remove_while_adding(target: Target) -> str:
    """Remove an article and add one while another process adds three hundred."""
    added = await target.http.post("/articles", json={"text": "This article will be removed soon.", "title": "Soon"})
    with tempfile.TemporaryDirectory() as folder:
        for number in range(300):
            text = f"Import {number} tells of {number} ships. " * 20
            (Path(folder) / f"import-{number}.txt").write_text(text)
        command = [sys.executable, "-m", "assistant", "add", folder, "--library", str(target.library)]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        await (process.stdout or asyncio.StreamReader()).readline()  # until the import has begun
        started = perf_counter()
        removed = await target.http.delete(f"/articles/{added.json()['article']['id']}")
        posted = await target.post("/articles", {"text": "This one is added beside.", "title": "Beside"})
        seconds = perf_counter() - started
        is_running = process.returncode is None
        await process.communicate()
    return f"{removed.status_code} and {posted} {'during' if is_running else 'after'} the import, in {seconds:.1f} s"


@contextmanager
def endless_model() -> Iterator[str]:
    """Serve a language model that sends empty deltas for ever, and yield its URL."""
    event = json.dumps({"choices": [{"index": 0, "delta": {"content": ""}}]})

    class Endless(StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            with suppress(OSError):
                while True:
                    self.wfile.write(f"data: {event}\n\n".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Endless) as server, ExitStack() as stack:
        stack.callback(server.shutdown)
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"


async def _one_by_one(target: Target) -> str:
    """Add a hundred articles, one after the other."""
    results = set[str]()
    for number in range(100):
        results.add(await target.post("/articles", {"text": f"Note {number} on {number} ships. " * 20}))
    return ", ".join(sorted(results))


async def _list_articles(target: Target) -> str:
    return str((await target.http.get("/articles", params={"limit": 200})).status_code)


_NAMES = ", ".join(f"{first}{n} {last}son" for n in range(200) for first, last in (("Al", "Ander"), ("Jo", "Peter")))
_BOTH = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
_UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

INPUTS = {
    "history: `Kerry's `, 20 turns of 20,000": _history("Kerry's " * 2500),
    "history: hundreds of names, 20 turns of 20,000": _history(_NAMES * 9),
    "history: white space, 20 turns of 20,000": _history("it " + " " * 19_000 + "x"),
    "verify: 1,000 quotes, as long as they may be together": _verify(1000, MAX_QUOTED_CHARACTERS // 1000),
    "verify: the longest quotes, as many as may be": _verify(
        MAX_QUOTED_CHARACTERS // MAX_PASSAGE_LENGTH, MAX_PASSAGE_LENGTH
    ),
    "verify: 700 of the longest quotes": _verify(700, MAX_PASSAGE_LENGTH),
    "text: `“`, 20 MB, given up after 60 s": _given_up(lambda: {"text": "“" * (20 * MB // 3)}, 60),
    "text: a paragraph of 1.2 MB": _text("text", "The grain rose by some cents on that day again. ", 1_200_000),
    "text: a word of 20 MB": _text("text", "x"),
    "text: `1. `, 20 MB": _text("text", "1. "),
    "text: white space, 20 MB": _text("text", "x" + " " * 9999),
    "html: `<p>x`, 20 MB": _text("html", "<p>x"),
    "html: `<ul><li>`, 9 kB": _text("html", "<ul><li>", 9000),
    "html: `<ul><li>`, 20 MB": _text("html", "<ul><li>"),
    "html: `<div>x`, 20 MB": _text("html", "<div>x"),
    "html: 2 million attributes": _post(
        "/articles", lambda: {"html": "<html><body><p " + " ".join(f"a{n}" for n in range(2 * MB)) + ">x"}, READING
    ),
    "html: `<!--`, 20 MB": _text("html", "<!--"),
    "markdown: `> `, 20 MB": _text("markdown", "> "),
    "markdown: `[x](`, 20 MB": _text("markdown", "[x]("),
    "markdown: code, 20 MB": _text("markdown", "` `` "),
    "file: `<`, 20 MB of no kind": _file("x", b"< "),
    "file: heads of the seed format, 20 MB": _file("x.txt", b"http://x/\n1\n1\nReuters\n\n"),
    "large: 50 passages of an article of 360 kB": _ask("What did Station 5000 measure?", READING, top_k=50),
    "large: a list of articles": Input(QUICK, _list_articles),
    "pattern: a question of `it `": _ask("Is it " + "it " * 660 + "?"),
    "pattern: a question of capitals": _ask("Who is " + "A" * 1990),
    "pattern: a question of white space": _ask("Who" + " " * 1990 + "?"),
    "connections: 1,500 say nothing": _flood(b""),
    "connections: 1,500 half heads": _flood(b"POST /ask HTTP/1.1\r\n" + HOST),
    "connections: 1,500 half bodies": _flood(b"POST /ask HTTP/1.1\r\n" + HOST + b"Content-Length: 99\r\n\r\n{"),
    "connections: a body with two lengths": _raw(b"POST /ask HTTP/1.1\r\n" + HOST + _BOTH),
    "connections: Host `evil@127.0.0.1`": _raw(b"GET / HTTP/1.1\r\nHost: evil@127.0.0.1\r\nConnection: close\r\n\r\n"),
    "connections: a WebSocket": _raw(b"GET /x?q HTTP/1.1\r\n" + HOST + _UPGRADE),
    "failures: 4 MB of `[` as text": _post("/ask", lambda: "[" * (4 * MB), headers={"Content-Type": "text/plain"}),
    "failures: 4 MB of `[` as JSON": _post("/ask", lambda: "[" * (4 * MB)),
    "failures: 60 MB of `[],`": _cut_off("/articles", lambda: "[" + "[]," * (20 * MB - 1) + "[]]"),
    "failures: an article's URL `http://[`": _post("/articles", lambda: {"text": "Kerry spoke.", "url": "http://["}),
    "failures: a model that says nothing for ever": _ask("When did Kerry last speak to Lavrov?", mode="generative"),
    "fairness: 300 articles from another process": Input(600, _remove_while_adding),
    "fairness: 100 articles one by one": Input(600, _one_by_one),
}
