"""A Ray worker, a server and the database killed while articles are added and searched.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.outages [--articles 200]

Reuters articles are added on a Ray cluster of two nodes into PostgreSQL, while two servers over the same database are
asked without a pause. After a quarter of the articles an encoding worker is killed, after a half a server, and after
three quarters PostgreSQL is killed, which ends the writer. Then PostgreSQL and the writer are started again. Every
passage that is found is held against the files, and in the end everything that was acknowledged must be there. Needs
the extras ``ray`` and ``postgres``.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx

from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks.distributed import nodes, write_files
from benchmarks.load import served
from tests.postgres_server import PostgresServer

QUERIES = ("cocoa harvest in Bahia", "shares of the company rose", "the central bank's rate", "grain exports")
_POLL = 0.1


class Searcher:
    """Searches over HTTP until it is stopped, and counts replies: right, wrong, refused, or none."""

    def __init__(self, urls: Sequence[str], texts: str) -> None:
        self.counts = Counter[str]()
        self._urls, self._texts, self._stop = urls, texts, Event()
        self.answered = Event()  # set by each right reply
        self._thread = Thread(target=self._read)

    def __enter__(self) -> "Searcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def seconds_to_answer(self) -> float:
        """Wait for the next right reply, and return the seconds."""
        begun = time.perf_counter()
        self.answered.clear()
        self.answered.wait()
        return time.perf_counter() - begun

    def _read(self) -> None:
        while not self._stop.wait(_POLL):
            for url, query in product(self._urls, QUERIES):
                kind = self._search(url, query)
                self.counts[kind] += 1
                if kind == "right":
                    self.answered.set()

    def _search(self, url: str, query: str) -> str:
        try:
            reply = httpx.post(f"{url}/search", json={"query": query}, timeout=60)
        except httpx.HTTPError:
            return "no reply"
        if reply.status_code != httpx.codes.OK:
            return f"refused, {reply.status_code}"
        return "right" if all(one["text"] in self._texts for one in reply.json()["passages"]) else "wrong"


@contextmanager
def writer(address: str, files: Path, library: Path, url: str) -> Iterator[Iterator[str]]:
    """Add files by the command line, and yield the ids of articles as they are acknowledged."""
    command = [
        sys.executable,
        "-m",
        "assistant",
        "add",
        "--ray",
        address,
        "--json",
        "--library",
        str(library),
        str(files),
    ]
    environment = os.environ | {"ASSISTANT_DATABASE_URL": url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
        lines = (json.loads(line) for line in process.stdout or ())
        yield (line["article"]["id"] for line in lines if "article" in line)


def kill_encoder() -> None:
    """Kill one of the processes that encode."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.read_bytes().startswith(b"ray::MapWorker(MapBatches(_Encoding))"):
            os.kill(int(path.parent.name), signal.SIGKILL)
            return
    raise RuntimeError("There is no process that encodes.")


def main() -> None:
    """Add, kill and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=200)
    number = parser.parse_args().articles
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        files = write_files(folder, number)
        texts = "\n\n".join(file.read_text("utf-8") for file in files.iterdir())
        postgres = stack.enter_context(closing(PostgresServer()))
        url, address = postgres.library_url(), stack.enter_context(nodes(2))
        settings = Settings(library=folder / "writer", database_url=url, reader="off")
        Assistant.open(settings=settings).close()
        options = {"DATABASE_URL": url, "READER": "off"}
        servers = [stack.enter_context(served(folder / name, **options)) for name in ("one", "two")]
        searcher = stack.enter_context(Searcher([server for server, _ in servers], texts))
        searcher.seconds_to_answer()
        outages: dict[int, tuple[str, Callable[[], object]]] = {
            number // 4: ("an encoding worker was killed", kill_encoder),
            number // 2: ("a server was killed", partial(os.kill, servers[0][1], signal.SIGKILL)),
            3 * number // 4: ("PostgreSQL was killed", postgres.kill),
        }
        acknowledged = set[str]()
        with writer(address, files, folder / "writer", url) as added:
            for done, article in enumerate(added, 1):
                acknowledged.add(article)
                if done in outages:
                    what, kill = outages[done]
                    kill()
                    print(f"after {done} articles {what}", flush=True)
        print(f"the writer ended; {len(acknowledged)} articles had been acknowledged")
        postgres.start()
        print(f"PostgreSQL was started; the other server answered after {searcher.seconds_to_answer():.1f} s")
        with writer(address, files, folder / "writer", url) as added:
            every = acknowledged | set(added)
        with Assistant.open(settings=settings) as assistant:
            page, _ = assistant.library.entries(number + 1)
            there = {entry.article.id for entry in page}
            wrong = [row for row in assistant.library.check() if not row[1]]
        print(f"the writer was started again: {len(there)} of {len(every)} articles; lost: {len(acknowledged - there)}")
        print(f"faults in the library: {wrong or 'none'}; searches: {dict(searcher.counts)}")


if __name__ == "__main__":
    main()
