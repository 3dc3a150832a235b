"""Fuzzing: 20,000 requests to every route, in process. None may fail, and memory must not grow.

    python -m benchmarks.fuzz [--count 20000] [--seed 1] [--only NUMBER]

The requests are mutated from the examples in the OpenAPI document. Each depends only on the seed and its number:
``--only`` shows one and sends it again. Printed are the replies by status, the faults, the slowest requests, and the
memory after a tenth of the requests and at the end.
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
from assistant.doors.http import create_app
from assistant.doors.http.memory import release_freed_memory
from assistant.doors.http.security_headers import SECURITY_HEADERS
from assistant.doors.schemas import ErrorReply
from assistant.settings import Settings
from benchmarks.fuzzed_requests import FuzzedRequest, RequestFuzzer

CONCURRENCY = 4
WARM_UP = 0.1  # of the requests, before the memory is measured first
MAX_GROWTH = 1.1  # of the memory after that
SLOWEST = 5
CLIENT_CLOSED_REQUEST = 499  # nginx's status for a client that disconnected


class Response(NamedTuple):
    """A response, and the seconds until it was complete."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


async def send(app: FastAPI, request: FuzzedRequest) -> Response:
    """Call the application as a web server does."""
    incoming: Iterator[Message] = iter([{"type": "http.request", "body": request.body, "more_body": not request.waits}])
    completed, sent = asyncio.Event(), []

    async def receive() -> Message:
        if message := next(incoming, None):
            return message
        if request.waits:
            await completed.wait()
        return {"type": "http.disconnect"}

    async def collect(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": request.query,
        "root_path": "",
        "scheme": "http",
        "headers": request.headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    started = perf_counter()
    await app(scope, receive, collect)
    completed.set()
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(sent[0]["status"], headers, body, perf_counter() - started)


def response_fault(request: FuzzedRequest, reply: Response) -> str | None:
    """Return what is wrong with a response, or None."""
    failed_stream = "event-stream" in reply.headers.get("content-type", "") and b'"internal_error"' in reply.body
    if reply.status >= 500 or failed_stream:
        return f"status {reply.status}: {reply.body[:300]!r}"
    names = {name.lower() for name in reply.headers}
    if missing := [name for name in SECURITY_HEADERS if name.lower() not in names]:
        return f"no {', '.join(missing)}"
    has_error_body = reply.status >= 400 and reply.status != CLIENT_CLOSED_REQUEST
    if not has_error_body or request.path == "/mcp" or request.method == "HEAD":
        return None
    try:
        ErrorReply.model_validate_json(reply.body)
    except ValueError:
        return f"status {reply.status} with another body: {reply.body[:300]!r}"
    return None


def memory() -> float:
    """Return the resident memory in MB."""
    gc.collect()
    (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(resident) / 1000


class FuzzResult(NamedTuple):
    """The responses by status, the faults, the slowest requests, and the memory in MB after warm-up and at the end."""

    statuses: Counter[int]
    faults: list[str]
    slowest: list[tuple[float, int, str]]
    early: float
    late: float


async def fuzz(app: FastAPI, seed: int, numbers: range) -> FuzzResult:
    """Send the requests with these numbers, ``CONCURRENCY`` at a time."""
    fuzzer, remaining = RequestFuzzer(app), iter(numbers)
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    times: list[tuple[float, int, str]] = []
    early = memory()

    async def client() -> None:
        nonlocal early
        for number in remaining:
            request = fuzzer.make(seed, number)
            line = f"{request.method} {request.path[:40]!r}"
            try:
                reply = await send(app, request)
                fault = response_fault(request, reply)
            except Exception as error:  # noqa: BLE001  a web server would close the connection
                faults.append(f"{number} {line}: {type(error).__name__}")
                continue
            statuses[reply.status] += 1
            times.append((reply.seconds, number, line))
            if fault:
                faults.append(f"{number} {line}: {fault}")
            if number == numbers[int(WARM_UP * len(numbers))]:
                early = memory()

    async with app.router.lifespan_context(app):
        await asyncio.to_thread(app.state.startup.wait)  # until then, 503 would be a right answer
        await asyncio.gather(*(client() for _ in range(CONCURRENCY)))
        return FuzzResult(statuses, faults, sorted(times)[-SLOWEST:], early, memory())


def main() -> int:
    """Fuzz an application with a small library; return 1 if there was a fault."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Fuzz every route, in process.")
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", type=int, help="The number of the one request to send, and to show.")
    options = arguments.parse_args()
    release_freed_memory()
    numbers = range(options.count) if options.only is None else range(options.only, options.only + 1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder), rate_limit=0, max_article_bytes=1_000_000)
        with Assistant.open(settings=settings) as assistant:
            assistant.add("seeds")
            app = create_app(settings, assistant)
            if options.only is None:
                logging.disable()
            else:
                print(RequestFuzzer(app).make(options.seed, options.only))
            result = asyncio.run(fuzz(app, options.seed, numbers))
    print("replies:", ", ".join(f"{number} of {status}" for status, number in sorted(result.statuses.items())))
    for seconds, number, line in result.slowest:
        print(f"slow: {number} {line}: {seconds:.2f} s")
    growth = result.late / result.early
    print(f"memory: {result.early:.0f} MB after a tenth, {result.late:.0f} MB at the end ({growth - 1:+.1%})")
    for fault in result.faults:
        print(f"wrong: {fault}")
    print(f"{len(result.faults)} wrong of {len(numbers)}")
    return int(bool(result.faults) or growth > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
