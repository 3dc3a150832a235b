"""Crash safety: kill a process two hundred times while it adds, replaces and removes articles, and check the library.

    python -m benchmarks.crash [--kills 200] [--seed 1] [--encoder all-MiniLM-L6-v2]

Meanwhile three processes search and compare each hit with its article. After each kill the library is opened again.
Everything that was confirmed must be there, and what was being written must be there entirely or not at all. Words of
stored articles must be found, words of removed ones must not, and the checks of ``doctor`` must pass. By default the
encoder hashes words into vectors, because no model is tested; ``--encoder`` names a real one.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from signal import SIGKILL
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.history import WORDS, Expected, Operation, Versions, make_article, unique_word, version_of
from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

READERS = 3
MAX_SECONDS = 2.0  # before a process is killed
SEARCHED_FOR = 12  # stored articles, and as many removed ones, after each kill
_CATCH_UP_SECONDS = 30.0  # within which both indexes must be at the database's state after a kill
_VERSIONS = 10_000  # the most that one process writes
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["embeddings.library", "tests.hashed_words"])


class Inspection(NamedTuple):
    """The library after a kill: during what, its faults and notices, and the seconds until it answered a search."""

    during: str
    faults: list[str]
    notices: int
    seconds: float


class ReaderResult(NamedTuple):
    """What a reader did, and the faults that it found."""

    searches: int
    hits: int
    faults: list[str]


def make_encoder(name: str | None) -> Encoder:
    """Return the encoder with a name; without one, an encoder that hashes words."""
    return load_encoder(name) if name else HashedWords()


class Kill(NamedTuple):
    """A kill: the library and its encoder, the kill's number, and the versions of the articles in the library."""

    path: Path
    encoder: str | None
    number: int
    stored: Versions

    def random(self) -> Random:
        """Return the random number generator that determines everything about the kill."""
        return Random(self.number)  # noqa: S311  nothing is secret


def write(kill: Kill, report: Connection) -> None:
    """Perform operations until killed, and report each before it begins and when it is confirmed."""
    random, stored = kill.random(), dict(kill.stored)
    with Library.open(kill.path, make_encoder(kill.encoder)) as library:
        report.send(None)
        for version in count(kill.number * _VERSIONS):
            operation = Operation.choose(random, stored, version)
            report.send(operation)
            for change in operation.perform(library):
                report.send(change)
            stored |= operation.change


def read(path: Path, encoder: str | None, seed: int, stop: Event, report: Connection) -> None:
    """Search until stopped, and compare every hit with the article that was written."""
    random, searches, hits, faults = Random(seed), 0, 0, list[str]()  # noqa: S311
    try:
        with Library.open(path, make_encoder(encoder)) as library:
            while not stop.is_set():
                for hit in library.search(" ".join(random.choices(WORDS, k=3)), 10):
                    hits += 1
                    article, passage = make_article(*version_of(hit.article)), hit.passage
                    if not hit.text == passage.span.cut(article.text) != "" or passage.revision != article.revision:
                        faults.append(f"{passage.span} of {hit.article.title} is not what was written there")
                searches += 1
    except Exception as error:  # noqa: BLE001  every exception is a fault
        faults.append(f"{type(error).__name__}: {error}")
    report.send(ReaderResult(searches, hits, faults))


def kill_writer(kill: Kill, expected: Expected) -> str:
    """Start a writer, kill it, and return what it was doing."""
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=write, args=(kill, sender))
    process.start()
    sender.close()
    during, deadline = "opening", perf_counter() + kill.random().uniform(0, MAX_SECONDS)
    with suppress(EOFError, OSError):  # the pipe was closed, or a message was truncated
        while True:
            if not receiver.poll(max(0.0, deadline - perf_counter())):
                process.kill()
            match receiver.recv():
                case None:
                    during = "between two"
                case Operation() as operation:
                    during = operation.kind
                    expected.begin(operation)
                case change:
                    expected.confirm(change)
                    during = during if expected.in_progress else "between two"
    process.join()
    if process.exitcode != -SIGKILL:
        raise RuntimeError(f"The writer ended by itself while it was {during}: exit code {process.exitcode}.")
    return during


def inspect(kill: Kill, encoder: Encoder, expected: Expected, during: str) -> Inspection:
    """Open the library after a kill and compare it with what must be there."""
    random, started = kill.random(), perf_counter()
    with Library.open(kill.path, encoder) as library:
        library.search("anything")
        seconds = perf_counter() - started
        while not library.is_current(library.state) and perf_counter() - started < _CATCH_UP_SECONDS:
            pass  # a reader may be updating the BM25 index
        articles = list(all_articles(library))
        found = dict(map(version_of, articles))
        before = dict(expected.stored)
        faults = list(expected.compare(found))
        faults += [f"{one.title} is not what was written" for one in articles if one != make_article(*version_of(one))]
        removed = [(p, v) for p, v in before.items() if v is not None and found.get(p) != v]
        for place, version in random.sample(sorted(found.items()), min(SEARCHED_FOR, len(found))):
            hits = library.search(unique_word(place, version), 1, by="bm25")
            if [version_of(hit.article) for hit in hits] != [(place, version)]:
                faults.append(f"{unique_word(place, version)} is not found")
        for place, version in random.sample(removed, min(SEARCHED_FOR, len(removed))):
            if library.search(unique_word(place, version), 1, by="bm25"):
                faults.append(f"{unique_word(place, version)} is found, and is gone")
        faults += [f"{name}: {what}" for name, ok, what in library.check() if not ok]
        return Inspection(during, faults, len(library.notices), seconds)


def all_articles(library: Library) -> Iterator[Article]:
    """Yield all articles of a library."""
    cursor: str | None = "0"
    while cursor is not None:
        page, cursor = library.articles(100, cursor)
        yield from page


def not_erased(path: Path, expected: Expected) -> list[str]:
    """Return the words of removed articles that are still in a file of the library."""
    stored = {unique_word(place, version) for place, version in expected.stored.items() if version is not None}
    files = [file.read_bytes() for file in path.rglob("*") if file.is_file()]
    in_files = {match.decode() for data in files for match in re.findall(rb"\bplace\d+version\d+\b", data)}
    return sorted(f"{word} is gone, and stands in a file" for word in in_files - stored)


@contextmanager
def reading(path: Path, encoder: str | None) -> Iterator[list[ReaderResult]]:
    """Let readers search inside this context; their results are in the list when it ends."""
    stop, results = _PROCESSES.Event(), list[ReaderResult]()
    pipes = [_PROCESSES.Pipe(duplex=False) for _ in range(READERS)]
    readers = [
        _PROCESSES.Process(target=read, args=(path, encoder, seed, stop, sender))
        for seed, (_, sender) in enumerate(pipes)
    ]
    for reader in readers:
        reader.start()
    try:
        yield results
    finally:
        stop.set()
        for receiver, sender in pipes:
            sender.close()
            try:
                results.append(receiver.recv())
            except EOFError:
                results.append(ReaderResult(0, 0, ["a reader died"]))
        for reader in readers:
            reader.join()


def main(kills: int, seed: int, encoder: str | None) -> int:
    """Kill and inspect, print a table, and return the number of faults."""
    expected, inspections = Expected(), list[Inspection]()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "library"
        loaded = make_encoder(encoder)
        loaded.encode(["what is timed is the library, not a model's loading"], "query")
        Library.open(path, loaded).close()
        with reading(path, encoder) as readers:
            for number in range(seed, seed + kills):
                kill = Kill(path, encoder, number, expected.stored)
                during = kill_writer(kill, expected)
                inspections.append(inspect(kill, loaded, expected, during))
                for fault in inspections[-1].faults:
                    print(f"kill {number}, {during}: {fault}", flush=True)
        with Library.open(path, loaded) as library:
            last = [f"{name}: {what}" for name, ok, what in library.check() if not ok]
        last += not_erased(path, expected)
    for fault in [*last, *(fault for reader in readers for fault in reader.faults)]:
        print(fault)
    print(table(inspections))
    searches, hits = sum(reader.searches for reader in readers), sum(reader.hits for reader in readers)
    print(f"{len(readers)} readers: {searches} searches, {hits} hits")
    faults = [*(one.faults for one in inspections), *(reader.faults for reader in readers), last]
    return sum(map(len, faults))


def table(inspections: Sequence[Inspection]) -> str:
    """Return a Markdown table with a row for each kind of operation that was interrupted."""
    lines = ["| killed during | kills | with faults | index rebuilt | reopened and answered, median | worst |"]
    lines.append("|---|---|---|---|---|---|")
    for during in [*sorted({one.during for one in inspections}), "all"]:
        rows = [one for one in inspections if during in {one.during, "all"}]
        seconds = [one.seconds for one in rows]
        faulty, rebuilt = sum(bool(one.faults) for one in rows), sum(one.notices > 0 for one in rows)
        times = f"{median(seconds):.2f} s | {max(seconds):.2f} s"
        lines.append(f"| {during} | {len(rows)} | {faulty} | {rebuilt} | {times} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="number of the first kill")
    parser.add_argument("--encoder", help="a model's name; by default words are hashed")
    arguments = parser.parse_args()
    sys.exit(min(main(arguments.kills, arguments.seed, arguments.encoder), 1))
