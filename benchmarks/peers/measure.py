"""``python -m benchmarks.peers.measure PEER INPUT OUTPUT``: times one peer, in that peer's environment.

INPUT is a JSON object with the ``model``'s folder, the ``passages``, and the ``questions``: the first half is asked one
after the other, the second half by ``clients`` threads. Each question is asked once, so that no cache helps. The model
is loaded and has run before anything is timed.
"""

import importlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.peers.index import PeerIndex

TOP_K = 10


def main(peer: str, source: Path, target: Path) -> None:
    """Write the seconds of indexing, and of each question with what it found."""
    given = json.loads(source.read_text(encoding="utf-8"))
    open_index: type[PeerIndex] = importlib.import_module(f"benchmarks.peers.{peer}").open_index
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        warm = open_index(given["model"], first)
        warm.add(given["passages"][:10])
        warm.search("ready", 1)
        target.write_text(json.dumps(_measure(open_index(given["model"], second), given)), encoding="utf-8")


def _measure(index: PeerIndex, given: dict[str, Any]) -> dict[str, Any]:
    started = perf_counter()
    index.add(given["passages"])
    indexing = perf_counter() - started
    questions = given["questions"]
    half = len(questions) // 2
    found = [_ask(index, question) for question in questions[:half]]
    with ThreadPoolExecutor(given["clients"]) as clients:
        started = perf_counter()
        together = list(clients.map(lambda question: _ask(index, question), questions[half:]))
        lasted = perf_counter() - started
    return {
        "passages_per_second": len(given["passages"]) / indexing,
        "seconds": [seconds for seconds, _ in found],
        "found": [numbers for _, numbers in found],
        "seconds_together": [seconds for seconds, _ in together],
        "searches_per_second_together": len(together) / lasted,
    }


def _ask(index: PeerIndex, question: str) -> tuple[float, list[int]]:
    started = perf_counter()
    numbers = list(index.search(question, TOP_K))
    return perf_counter() - started, numbers


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
