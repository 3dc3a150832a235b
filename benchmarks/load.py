"""200 clients ask a real server questions about news for a minute; then again while articles are being added.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.load [ARTICLES]

The questions are headlines of the collection, each asked by one client, so that no answer is remembered. A client that
is told to come again does so when it was told, with the same question. What is printed: answers, 429s and errors; how
long answers took; the server's memory from the tenth second and to the last, each the median of five seconds, since
what is computed just then comes on top; then how long a wrong key takes against a right one. The library is made of the
first ARTICLES articles of the collection (all by default) and kept beside the reports; articles are added to a copy.
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
from benchmarks.reuters import articles, folder

CLIENTS = 200
SECONDS = 60
WARM = 10  # seconds before memory counts
EVERY = 100_000  # articles; more than the collection holds
OUT = Path("reports") / "load"


def library(data: Path, size: int) -> Path:
    """A library of so many articles; one that is there already is used again."""
    path = OUT / f"library-{size}"
    with Assistant.open(path) as assistant:
        known = assistant.library.size()["articles"]
        for added, _ in enumerate(assistant.library.add(articles(data, known, size)), known + 1):
            if added % 500 == 0:
                print(f"{added} articles added", file=sys.stderr)
    return path


@contextmanager
def served(path: Path, **settings: object) -> Iterator[tuple[str, int]]:
    """A server over the library, as people run it: its address and its process."""
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--library", str(path)]
    chosen = {"RATE_LIMIT": 0, **settings}  # all clients come from one address
    environment = os.environ | {f"ASSISTANT_{name}": str(value) for name, value in chosen.items()}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
        written = process.stderr or ()
        try:
            url = next(found[0] for line in written if (found := re.search(r"http://[\d.]+:\d+", line)))
            rest = Thread(target=deque, args=(written, 0))  # its log is read and forgotten
            rest.start()
            yield url, process.pid
        finally:
            process.terminate()
        rest.join()


def memory(process: int) -> float:
    """Resident memory, in MB."""
    (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(resident) / 1000


async def watch(process: int, until: float) -> list[float]:
    """The memory, once a second."""
    seen = []
    while perf_counter() < until:
        seen.append(memory(process))
        await asyncio.sleep(1)
    return seen


async def ask(http: httpx.AsyncClient, questions: Iterator[str], until: float, seen: Counter[str]) -> list[float]:
    """One client: how long each of its answers took, in seconds."""
    took = []
    question = next(questions)
    while (started := perf_counter()) < until:
        try:
            reply = await http.post("/ask", json={"question": question})
        except httpx.HTTPError as error:
            seen[type(error).__name__] += 1
            continue
        seen[str(reply.status_code)] += 1
        if reply.status_code == 429:
            await asyncio.sleep(int(reply.headers["retry-after"]))
            continue
        if reply.status_code == 200:
            took.append(perf_counter() - started)
        question = next(questions)
    return took


async def add(http: httpx.AsyncClient, until: float, seen: Counter[str]) -> None:
    """One writer: a new article as soon as the last one is in."""
    for number in count():
        if perf_counter() >= until:
            return
        text = f"Bulletin {number} of this minute. The price of grain {number} rose by {number} cents."
        reply = await http.post("/articles", json={"text": text, "title": f"Bulletin {number}"})
        seen[f"added {reply.status_code}"] += 1


async def minute(path: Path, questions: Iterator[str], *, adding: bool) -> int:
    """One run on a fresh server; how much of it failed."""
    limits = httpx.Limits(max_connections=CLIENTS + 1)
    with served(path) as (url, process):
        async with httpx.AsyncClient(base_url=url, timeout=300, limits=limits) as http:
            await http.get("/articles", params={"limit": 1})  # waits until the model is loaded
            seen: Counter[str] = Counter()
            started = perf_counter()
            until = started + SECONDS
            tasks = [asyncio.ensure_future(ask(http, questions, until, seen)) for _ in range(CLIENTS)]
            writer = asyncio.ensure_future(add(http, until if adding else 0.0, seen))
            held = await watch(process, until)
            took = sorted(second for times in await asyncio.gather(*tasks) for second in times)
            await writer
            seconds = perf_counter() - started
    early, late = statistics.median(held[WARM : WARM + 5]), statistics.median(held[-5:])
    percent = statistics.quantiles(took, n=100)
    failed = sum(number for kind, number in seen.items() if kind not in {"200", "201", "429", "added 201"})
    print(
        f"{'while articles are added' if adding else 'questions alone'}: {dict(sorted(seen.items()))}, {failed} failed;"
        f" {len(took) / seconds:.1f} answers a second, p50 {percent[49]:.2f} s, p99 {percent[98]:.2f} s;"
        f" memory {early:.0f} MB from the tenth second, {late:.0f} MB to the last ({late / early - 1:+.1%})",
        flush=True,
    )
    return failed + (not adding and late > 1.05 * early)


def keys() -> None:
    """How long a wrong key takes against a right one."""
    right = [create_key() for _ in range(10)]
    known = ApiKeys.from_settings(
        Settings(api_keys=",".join(key_entry(f"key{number}", key) for number, key in enumerate(right)))
    )
    took: dict[str, list[float]] = {"first": [], "last": [], "wrong": []}
    given = {"first": right[0], "last": right[-1], "wrong": create_key()}
    for _ in range(500):
        for kind, key in given.items():
            took[kind].append(timeit(partial(known.name_of, key), number=100) / 100)
    first, last, wrong = (statistics.median(took[kind]) * 1e6 for kind in ("first", "last", "wrong"))
    print(
        f"one of ten keys, median of 500: first {first:.2f} µs, last {last:.2f} µs, wrong {wrong:.2f} µs;"
        f" wrong/right {2 * wrong / (first + last):.3f}"
    )


def main() -> int:
    """Both minutes and the keys; 1 when something failed."""
    data, size = folder(), int(sys.argv[1]) if len(sys.argv) > 1 else EVERY
    path = library(data, size)
    with Assistant.open(path) as assistant:
        print(f"{assistant.library.size()}, {CLIENTS} clients, {SECONDS} s, {os.cpu_count()} cores", flush=True)
    titles = sorted({article.title for article in articles(data, 0, EVERY)})
    np.random.default_rng(1).shuffle(titles)
    questions = cycle(f"What is known about {title}?"[:2000] for title in titles)
    failed = asyncio.run(minute(path, questions, adding=False))
    growing = OUT / "growing"
    shutil.rmtree(growing, ignore_errors=True)
    failed += asyncio.run(minute(shutil.copytree(path, growing), questions, adding=True))
    keys()
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
