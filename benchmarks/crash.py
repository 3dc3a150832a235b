"""Kill a process twenty times while it adds news articles with the real encoder; then look for what was lost.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.crash

After each kill it prints how many articles had been reported as added, how many are there, what is half there, and how
long the library took to open and answer.
"""

import sys
import tempfile
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.reuters import articles, folder
from embeddings.encoder import load_encoder
from embeddings.library import Library

COUNT = 500
KILLS = 20
LONGEST_WAIT = 2.0  # seconds that a process works on after the first article it added, at most
QUESTION = "What did the Bahia cocoa review say of the dry period?"


def add(data: Path, library: Path, report: Connection) -> None:
    """What is killed: add everything, and report each id once it was added."""
    with Library.open(library, load_encoder()) as opened:
        for outcome in opened.add(articles(data, 0, COUNT)):
            report.send((outcome.article_id, outcome.status))


def add_and_be_killed(data: Path, library: Path, wait: float) -> set[str]:
    """The ids that a process reported before it was killed, ``wait`` seconds after the first one it added."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=add, args=(data, library, sender))
    process.start()
    sender.close()
    reported: set[str] = set()
    try:
        while True:
            article_id, status = receiver.recv()
            if status == "added":
                if not reported:
                    process.join(wait)
                    process.kill()
                reported.add(article_id)
    except EOFError:
        process.join()
        return reported


def main(data: Path) -> int:
    """Kill, look, and finish; the number of failures."""
    waits = np.random.default_rng(1).uniform(0, LONGEST_WAIT, KILLS)
    encoder = load_encoder()
    encoder.encode([QUESTION], "query")  # what is timed below is the library, not the model's loading
    reported, stored, failures = set[str](), set[str](), 0
    with tempfile.TemporaryDirectory() as temporary:
        library = Path(temporary) / "library"
        for kill, wait in enumerate(waits.tolist(), 1):
            reported |= add_and_be_killed(data, library, wait)
            started = perf_counter()
            with Library.open(library, encoder) as opened:
                hits = opened.search(QUESTION)
                took = perf_counter() - started
                stored = {article.id for article in opened.articles(limit=COUNT)[0]}
                faults = [found for _, held, found in opened.check() if not held]
            lost = reported - stored
            failures += len(lost) + len(faults) + (not hits)
            print(
                f"kill {kill:2}: {len(reported):3} reported, {len(stored):3} there, {len(lost)} lost,"
                f" {len(faults)} faults, opened and answered in {took * 1000:.0f} ms. {' '.join(opened.notices)}",
                flush=True,
            )
        with Library.open(library, encoder) as opened:
            statuses = [outcome.status for outcome in opened.add(articles(data, 0, COUNT))]
            faults = [found for _, held, found in opened.check() if not held]
    failures += len(faults) + (statuses.count("unchanged") != len(stored)) + (len(statuses) != COUNT)
    print(f"finished: {statuses.count('unchanged')} unchanged, {statuses.count('added')} added, {len(faults)} faults")
    return failures


if __name__ == "__main__":
    sys.exit(min(main(folder()), 1))
