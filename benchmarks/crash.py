"""Kill a process two hundred times while it adds, replaces and removes articles, and look each time what was lost.

    python -m benchmarks.crash [--kills 200] [--seed 1] [--encoder all-MiniLM-L6-v2]

Three processes search meanwhile and hold each hit against the article that it must be. After each kill the library is
opened again: what was confirmed has to be there, what was being written as a whole or not at all, a word of what is
there has to be found and of what is gone not, and ``doctor``'s checks have to hold. By default words are hashed into
vectors, since no model has a part in what is looked at; ``--encoder`` names a real one.
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

from benchmarks.history import WORDS, Expected, Operation, Versions, version_of, word, written
from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

READERS = 3
LONGEST = 2.0  # seconds that a process works before it is killed, at most
LOOKED_FOR = 12  # articles that are there, and as many that are gone, after each kill
_CATCHING_UP = 30.0  # seconds that the indexes may take, after a kill, to hold all that is there
_VERSIONS = 10_000  # of what one process writes
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["embeddings.library", "tests.hashed_words"])


class Look(NamedTuple):
    """What one kill left."""

    during: str
    wrong: list[str]
    notices: int
    seconds: float


class Searched(NamedTuple):
    """What one reader saw."""

    searches: int
    hits: int
    wrong: list[str]


def encoder_named(name: str | None) -> Encoder:
    """The encoder of a name; without one, hashed words."""
    return load_encoder(name) if name else HashedWords()


class Kill(NamedTuple):
    """One of many: where it happens, by which number, and in which state of the library."""

    path: Path
    encoder: str | None
    number: int
    here: Versions

    def chance(self) -> Random:
        """What its course follows from, given what is there."""
        return Random(self.number)  # noqa: S311  nothing is secret


def write(kill: Kill, report: Connection) -> None:
    """What is killed: one operation after another, each told before it begins and confirmed when it is done."""
    choose, here = kill.chance(), dict(kill.here)
    with Library.open(kill.path, encoder_named(kill.encoder)) as library:
        report.send(None)
        for version in count(kill.number * _VERSIONS):
            operation = Operation.chosen(choose, here, version)
            report.send(operation)
            for change in operation.performed(library):
                report.send(change)
            here |= operation.change


def read(path: Path, encoder: str | None, seed: int, stop: Event, report: Connection) -> None:
    """Search until told to stop, and hold every hit against what was written."""
    choose, searches, hits, wrong = Random(seed), 0, 0, list[str]()  # noqa: S311
    try:
        with Library.open(path, encoder_named(encoder)) as library:
            while not stop.is_set():
                for hit in library.search(" ".join(choose.choices(WORDS, k=3)), 10):
                    hits += 1
                    article, passage = written(*version_of(hit.article)), hit.passage
                    if not hit.text == passage.span.cut(article.text) != "" or passage.revision != article.revision:
                        wrong.append(f"{passage.span} of {hit.article.title} is not what was written there")
                searches += 1
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        wrong.append(f"{type(error).__name__}: {error}")
    report.send(Searched(searches, hits, wrong))


def killed(kill: Kill, expected: Expected) -> str:
    """What the process was doing when it was killed."""
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=write, args=(kill, sender))
    process.start()
    sender.close()
    during, end = "opening", perf_counter() + kill.chance().uniform(0, LONGEST)
    with suppress(EOFError, OSError):  # the end of the pipe, or of a message that was not sent to its end
        while True:
            if not receiver.poll(max(0.0, end - perf_counter())):
                process.kill()
            match receiver.recv():
                case None:
                    during = "between two"
                case Operation() as operation:
                    during = operation.kind
                    expected.begin(operation)
                case change:
                    expected.confirm(change)
                    during = during if expected.begun else "between two"
    process.join()
    if process.exitcode != -SIGKILL:
        raise RuntimeError(f"The writer ended by itself while it was {during}: exit code {process.exitcode}.")
    return during


def look(kill: Kill, encoder: Encoder, expected: Expected, during: str) -> Look:
    """Open what was left, and hold it against what must be there."""
    choose, started = kill.chance(), perf_counter()
    with Library.open(kill.path, encoder) as library:
        library.search("anything")
        seconds = perf_counter() - started
        while not library.is_current(library.state) and perf_counter() - started < _CATCHING_UP:
            pass  # a reader may be the one that writes the words down
        articles = list(everything(library))
        found = dict(map(version_of, articles))
        before = dict(expected.here)
        wrong = list(expected.settle(found))
        wrong += [f"{one.title} is not what was written" for one in articles if one != written(*version_of(one))]
        gone = [(p, v) for p, v in before.items() if v is not None and found.get(p) != v]
        for place, version in choose.sample(sorted(found.items()), min(LOOKED_FOR, len(found))):
            hits = library.search(word(place, version), 1, by="bm25")
            if [version_of(hit.article) for hit in hits] != [(place, version)]:
                wrong.append(f"{word(place, version)} is not found")
        for place, version in choose.sample(gone, min(LOOKED_FOR, len(gone))):
            if library.search(word(place, version), 1, by="bm25"):
                wrong.append(f"{word(place, version)} is found, and is gone")
        wrong += [f"{name}: {what}" for name, held, what in library.check() if not held]
        return Look(during, wrong, len(library.notices), seconds)


def everything(library: Library) -> Iterator[Article]:
    """All articles."""
    cursor: str | None = "0"
    while cursor is not None:
        page, cursor = library.articles(100, cursor)
        yield from page


def left_behind(path: Path, expected: Expected) -> list[str]:
    """Words of articles that are gone, in any file of the library."""
    here = {word(place, version) for place, version in expected.here.items() if version is not None}
    files = [file.read_bytes() for file in path.rglob("*") if file.is_file()]
    stand = {found.decode() for data in files for found in re.findall(rb"\bplace\d+version\d+\b", data)}
    return sorted(f"{word} is gone, and stands in a file" for word in stand - here)


@contextmanager
def reading(path: Path, encoder: str | None) -> Iterator[list[Searched]]:
    """Readers search until the end, and then tell what they saw."""
    stop, seen = _PROCESSES.Event(), list[Searched]()
    pipes = [_PROCESSES.Pipe(duplex=False) for _ in range(READERS)]
    readers = [
        _PROCESSES.Process(target=read, args=(path, encoder, seed, stop, sender))
        for seed, (_, sender) in enumerate(pipes)
    ]
    for reader in readers:
        reader.start()
    try:
        yield seen
    finally:
        stop.set()
        for receiver, sender in pipes:
            sender.close()
            try:
                seen.append(receiver.recv())
            except EOFError:
                seen.append(Searched(0, 0, ["a reader died"]))
        for reader in readers:
            reader.join()


def main(kills: int, seed: int, encoder: str | None) -> int:
    """Kill, look, print a table; the number of faults."""
    expected, looks = Expected(), list[Look]()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "library"
        loaded = encoder_named(encoder)
        loaded.encode(["what is timed is the library, not a model's loading"], "query")
        Library.open(path, loaded).close()
        with reading(path, encoder) as seen:
            for number in range(seed, seed + kills):
                kill = Kill(path, encoder, number, expected.here)
                during = killed(kill, expected)
                looks.append(look(kill, loaded, expected, during))
                for what in looks[-1].wrong:
                    print(f"kill {number}, {during}: {what}", flush=True)
        with Library.open(path, loaded) as library:
            last = [f"{name}: {what}" for name, held, what in library.check() if not held]
        last += left_behind(path, expected)
    for what in [*last, *(what for one in seen for what in one.wrong)]:
        print(what)
    print(table(looks))
    print(f"{len(seen)} readers: {sum(one.searches for one in seen)} searches, {sum(one.hits for one in seen)} hits")
    wrong = [one.wrong for one in looks] + [one.wrong for one in seen] + [last]
    return sum(map(len, wrong))


def table(looks: Sequence[Look]) -> str:
    """One line for each thing that was interrupted."""
    lines = ["| killed during | kills | with faults | index made anew | reopened and answered, median | worst |"]
    lines.append("|---|---|---|---|---|---|")
    for during in [*sorted({one.during for one in looks}), "all"]:
        of = [one for one in looks if during in {one.during, "all"}]
        seconds = [one.seconds for one in of]
        faulty, anew = sum(bool(one.wrong) for one in of), sum(one.notices > 0 for one in of)
        lines.append(f"| {during} | {len(of)} | {faulty} | {anew} | {median(seconds):.2f} s | {max(seconds):.2f} s |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="number of the first kill")
    parser.add_argument("--encoder", help="a model's name; by default words are hashed")
    given = parser.parse_args()
    sys.exit(min(main(given.kills, given.seed, given.encoder), 1))
