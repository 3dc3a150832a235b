"""Load: 200 clients ask a real server questions about news for a minute, then again while articles are being added.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.load [ARTICLES]

The questions are made of the collection's headlines, each asked by one client, so that no answer is cached. A client
that gets a 429 asks the same question again after the time in ``Retry-After``. Printed are the numbers of answers, 429s
and errors, the latency, the server's memory at the tenth second and at the end, each as the median of five seconds, and
how long checking a wrong API key takes compared with a right one. The library has the first ARTICLES articles of the
collection, by default all, and is kept in ``reports``; articles are added to a copy.
"""

import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, cycle
from pathlib import Path
from threading import Thread
from time import perf_counter
from timeit import timeit

import httpx
import numpy as np

from assistant.assistant import Assistant
from assistant.doors.api_keys import ApiKeys, create_key, key_entry
from assistant.settings import Settings
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

CLIENTS = 200
SECONDS = 60
WARM_UP = 10  # seconds before the memory is measured first
ALL_ARTICLES = 100_000  # more than the collection has
OUTPUT = Path("reports") / "load"


def library(data: Folder, size: int) -> Path:
    """Return the path of a library with the first ``size`` articles, which is reused if it exists."""
    path = OUTPUT / f"library-{size}"
    with Assistant.open(path) as assistant:
        known = assistant.library.size()["articles"]
        for added, _ in enumerate(assistant.library.add(reuters_articles(data, known, size)), known + 1):
            if added % 500 == 0:
                print(f"{added} articles added", file=sys.stderr)
    return path


@contextmanager
def served(path: Path, **settings: object) -> Iterator[tuple[str, int]]:
    """Serve a library in a process of its own, as users do, and yield its URL and process id."""
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--library", str(path)]
    all_settings = {"RATE_LIMIT": 0, **settings}  # no rate limit, because all clients have the same address
    environment = os.environ | {f"ASSISTANT_{name}": str(value) for name, value in all_settings.items()}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
        log = process.stderr or ()
        try:
            url = next(match[0] for line in log if (match := re.search(r"http://[\d.]+:\d+", line)))
            rest = Thread(target=deque, args=(log, 0))  # reads the rest of the log, so that the pipe does not fill up
            rest.start()
            yield url, process.pid
        finally:
            process.terminate()
        rest.join()


def memory(process: int) -> float:
    """Return a process's resident memory in MB."""
    (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("ascii"))
    return int(resident) / 1000


async def watch_memory(process: int, end: float) -> list[float]:
    """Return a process's memory in MB, measured once a second until ``end``."""
    samples = []
    while perf_counter() < end:
        samples.append(memory(process))
        await asyncio.sleep(1)
    return samples


async def ask(http: httpx.AsyncClient, questions: Iterator[str], end: float, replies: Counter[str]) -> list[float]:
    """Ask questions as one client until ``end``, count the replies, and return the answers' latencies in seconds."""
    latencies = []
    question = next(questions)
    while (started := perf_counter()) < end:
        try:
            reply = await http.post("/ask", json={"question": question})
        except httpx.HTTPError as error:
            replies[type(error).__name__] += 1
            continue
        replies[str(reply.status_code)] += 1
        if reply.status_code == 429:
            await asyncio.sleep(int(reply.headers["retry-after"]))
            continue
        if reply.status_code == 200:
            latencies.append(perf_counter() - started)
        question = next(questions)
    return latencies


async def add(http: httpx.AsyncClient, end: float, replies: Counter[str]) -> None:
    """Add articles, one after the other, until ``end``."""
    for number in count():
        if perf_counter() >= end:
            return
        text = f"Bulletin {number} of this minute. The price of grain {number} rose by {number} cents."
        reply = await http.post("/articles", json={"text": text, "title": f"Bulletin {number}"})
        replies[f"added {reply.status_code}"] += 1


async def measure(path: Path, questions: Iterator[str], *, adding: bool) -> int:
    """Measure a new server for ``SECONDS`` and return the number of failures."""
    limits = httpx.Limits(max_connections=CLIENTS + 1)
    with served(path) as (url, process):
        async with httpx.AsyncClient(base_url=url, timeout=300, limits=limits) as http:
            await http.get("/articles", params={"limit": 1})  # waits until the model is loaded
            replies: Counter[str] = Counter()
            started = perf_counter()
            end = started + SECONDS
            tasks = [asyncio.ensure_future(ask(http, questions, end, replies)) for _ in range(CLIENTS)]
            writer = asyncio.ensure_future(add(http, end if adding else 0.0, replies))
            samples = await watch_memory(process, end)
            latencies = sorted(seconds for client in await asyncio.gather(*tasks) for seconds in client)
            await writer
            seconds = perf_counter() - started
    early, late = statistics.median(samples[WARM_UP : WARM_UP + 5]), statistics.median(samples[-5:])
    percent = statistics.quantiles(latencies, n=100)
    failed = sum(number for kind, number in replies.items() if kind not in {"200", "201", "429", "added 201"})
    run = "while articles are added" if adding else "questions alone"
    print(
        f"{run}: {dict(sorted(replies.items()))}, {failed} failed;"
        f" {len(latencies) / seconds:.1f} answers a second, p50 {percent[49]:.2f} s, p99 {percent[98]:.2f} s;"
        f" memory {early:.0f} MB from the tenth second, {late:.0f} MB to the last ({late / early - 1:+.1%})",
        flush=True,
    )
    return failed + (not adding and late > 1.05 * early)


def time_keys() -> None:
    """Print how long checking a wrong API key takes, compared with a right one."""
    right = [create_key() for _ in range(10)]
    known = ApiKeys.from_settings(
        Settings(api_keys=",".join(key_entry(f"key{number}", key) for number, key in enumerate(right)))
    )
    times: dict[str, list[float]] = {"first": [], "last": [], "wrong": []}
    keys = {"first": right[0], "last": right[-1], "wrong": create_key()}
    for _ in range(500):
        for kind, key in keys.items():
            times[kind].append(timeit(partial(known.name_of, key), number=100) / 100)
    first, last, wrong = (statistics.median(times[kind]) * 1e6 for kind in ("first", "last", "wrong"))
    print(
        f"one of ten keys, median of 500: first {first:.2f} µs, last {last:.2f} µs, wrong {wrong:.2f} µs;"
        f" wrong/right {2 * wrong / (first + last):.3f}"
    )


def main() -> int:
    """Measure without and with articles being added, and the API keys. Return 1 if something failed."""
    data, size = Folder.from_environment(), int(sys.argv[1]) if len(sys.argv) > 1 else ALL_ARTICLES
    path = library(data, size)
    with Assistant.open(path) as assistant:
        print(f"{assistant.library.size()}, {CLIENTS} clients, {SECONDS} s, {os.cpu_count()} cores", flush=True)
    titles = sorted({article.title for article in reuters_articles(data, 0, ALL_ARTICLES)})
    np.random.default_rng(1).shuffle(titles)
    questions = cycle(f"What is known about {title}?"[:2000] for title in titles)
    failed = asyncio.run(measure(path, questions, adding=False))
    growing = OUTPUT / "growing"
    shutil.rmtree(growing, ignore_errors=True)
    failed += asyncio.run(measure(shutil.copytree(path, growing), questions, adding=True))
    time_keys()
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
