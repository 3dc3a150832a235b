"""Send 20,000 requests that nobody would write by hand to every route, in process: none may fail, memory stays level.

    python -m benchmarks.fuzz [--count 20000] [--seed 1] [--only NUMBER]

The routes and their bodies come from the OpenAPI document; values, bytes, headers and paths are bent from there. Each
request follows from the seed and its number alone: ``--only`` sends one again and shows it. What is printed: replies by
status, what was wrong with any, the slowest, and the memory after a tenth of the requests and at the end.
"""

import argparse
import asyncio
import gc
import logging
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from fastapi import FastAPI
from starlette.types import Message

from assistant.assistant import Assistant
from assistant.doors.cli.serving import release_freed_memory
from assistant.doors.http import create_app
from assistant.doors.http.security_headers import SECURITY_HEADERS
from assistant.doors.schemas import ErrorReply
from assistant.settings import Settings
from benchmarks.bent_requests import BentRequest, Requests

SIDE_BY_SIDE = 4
WARM = 0.1  # of the requests, before memory counts
GROWTH = 1.1  # of the memory, that is called level
SLOWEST = 5
LEFT = 499


class Response(NamedTuple):
    """What came, and how long that took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


async def send(app: FastAPI, asked: BentRequest) -> Response:
    """Ask the application, as a web server would."""
    incoming: Iterator[Message] = iter([{"type": "http.request", "body": asked.body, "more_body": not asked.stays}])
    ended, sent = asyncio.Event(), []

    async def receive() -> Message:
        if message := next(incoming, None):
            return message
        if asked.stays:
            await ended.wait()
        return {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query,
        "root_path": "",
        "scheme": "http",
        "headers": asked.headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    started = perf_counter()
    await app(scope, receive, take)
    ended.set()
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(sent[0]["status"], headers, body, perf_counter() - started)


def wrong(asked: BentRequest, reply: Response) -> str | None:
    """What is wrong with a reply, if anything is."""
    broke_off = "event-stream" in reply.headers.get("content-type", "") and b'"internal_error"' in reply.body
    if reply.status >= 500 or broke_off:
        return f"status {reply.status}: {reply.body[:300]!r}"
    if missing := [name for name in SECURITY_HEADERS if name.lower() not in {given.lower() for given in reply.headers}]:
        return f"no {', '.join(missing)}"
    if reply.status < 400 or reply.status == LEFT or asked.path == "/mcp" or asked.method == "HEAD":
        return None
    try:
        ErrorReply.model_validate_json(reply.body)
    except ValueError:
        return f"status {reply.status} with another body: {reply.body[:300]!r}"
    return None


def memory() -> float:
    """Resident memory, in MB."""
    gc.collect()
    (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(resident) / 1000


class FuzzResult(NamedTuple):
    """What became of all requests."""

    statuses: Counter[int]
    faults: list[str]
    slowest: list[tuple[float, int, str]]
    early: float
    late: float


async def fuzz(app: FastAPI, seed: int, numbers: range) -> FuzzResult:
    """Send them, a few side by side."""
    requests, waiting = Requests(app), iter(numbers)
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    took: list[tuple[float, int, str]] = []
    early = memory()

    async def client() -> None:
        nonlocal early
        for number in waiting:
            asked = requests.make(seed, number)
            try:
                reply = await send(app, asked)
                fault = wrong(asked, reply)
            except Exception as error:  # noqa: BLE001  the web server would cut the client off
                faults.append(f"{number} {asked.method} {asked.path[:40]!r}: {type(error).__name__}")
                continue
            statuses[reply.status] += 1
            took.append((reply.seconds, number, f"{asked.method} {asked.path[:40]!r}"))
            if fault:
                faults.append(f"{number} {asked.method} {asked.path[:40]!r}: {fault}")
            if number == numbers[int(WARM * len(numbers))]:
                early = memory()

    async with app.router.lifespan_context(app):
        await asyncio.to_thread(app.state.startup.wait)  # before, it is right to say that it is not ready
        await asyncio.gather(*(client() for _ in range(SIDE_BY_SIDE)))
        return FuzzResult(statuses, faults, sorted(took)[-SLOWEST:], early, memory())


def main() -> int:
    """All of it over a small library; 1 when something was wrong."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Fuzz every route, in process.")
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", type=int, help="The number of the one request to send, and to show.")
    given = arguments.parse_args()
    release_freed_memory()
    numbers = range(given.count) if given.only is None else range(given.only, given.only + 1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder), rate_limit=0, max_article_bytes=1_000_000)
        with Assistant.open(settings=settings) as assistant:
            assistant.add("seeds")
            app = create_app(settings, assistant)
            if given.only is None:
                logging.disable()
            else:
                print(Requests(app).make(given.seed, given.only))
            result = asyncio.run(fuzz(app, given.seed, numbers))
    print("replies:", ", ".join(f"{number} of {status}" for status, number in sorted(result.statuses.items())))
    for seconds, number, asked in result.slowest:
        print(f"slow: {number} {asked}: {seconds:.2f} s")
    growth = result.late / result.early
    print(f"memory: {result.early:.0f} MB after a tenth, {result.late:.0f} MB at the end ({growth - 1:+.1%})")
    for fault in result.faults:
        print(f"wrong: {fault}")
    print(f"{len(result.faults)} wrong of {len(numbers)}")
    return int(bool(result.faults) or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
