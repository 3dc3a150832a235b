"""``python -m benchmarks.scale [--most N] [--encoded N] [--write-docs]``: a library that grows tenfold at each step.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.scale

From 1,000 to 1,000,000 passages: the time of adding, of building the vector index again, of opening, catching up,
searching with and without filters, and removing; memory and disk; and how many of the ten nearest vectors are found.
Real passages are encoded once; beyond their number vectors are perturbed copies. Texts are sentences of Reuters news in
a random order. Everything goes through the library, whose encoder has the vectors ready, so that encoding, which does
not depend on the size, is left out. Each size is measured in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import growth_plot
from benchmarks.prepared import SHARES, PreparedEncoder, Vectors, articles, encoded, sentences_of_news
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.retrieval.index_files import BM25_FOLDER, DENSE_FILE, delete
from embeddings.retrieval.search import Hit
from evals.data.collection import Folder
from evals.errors import DataMissing
from evals.quality import fill_section
from evals.runner import machine

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "growth.svg"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
NEAREST = 10
_BLOCK = 50_000  # vectors that are compared at once

Measured = dict[str, float]
Questions = dict[str, NDArray[np.float32]]


def main() -> None:
    """Measure each size, print the table, and write it into the documentation if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of passages")
    parser.add_argument("--encoded", type=int, default=20_000, help="the number of real passages that are encoded")
    parser.add_argument("--write-docs", action="store_true", help="write the table and a picture into docs")
    parser.add_argument("--library", type=Path, help="measure the library in this folder, and print JSON")
    options = parser.parse_args()
    cache = ROOT / ".cache" / "scale" / f"{options.encoded}.npz"
    real, questions = encoded(Folder.from_environment(), options.encoded, cache)
    if options.library:
        print(json.dumps(measure(options.library, Vectors(real), questions)))
        return
    rows, sentences = {}, sentences_of_news(Folder.from_environment())
    with TemporaryDirectory(dir=ROOT / ".cache") as folder:
        for size in (size for size in SIZES if size <= options.most):
            path = Path(folder) / "library"
            seconds, added = grow(path, size, sentences, Vectors(real), questions)
            command = [sys.executable, "-m", "benchmarks.scale", "--encoded", str(options.encoded)]
            command += ["--library", str(path)]
            told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603  ours
            rows[size] = {"added a second": added / seconds, **json.loads(told)}
            print(size, json.dumps(rows[size]), file=sys.stderr, flush=True)
    text = f"{table(rows)}\n\n{described(len(real))}"
    print(text)
    if options.write_docs:
        growth_plot.draw(rows, PICTURE)
        PAGE.write_text(fill_section(PAGE.read_text("utf-8"), "scale", text), "utf-8")


def grow(path: Path, size: int, sentences: Sequence[str], vectors: Vectors, questions: Questions) -> tuple[float, int]:
    """Add articles to a library until it has so many passages; return the seconds and how many were added."""
    with Library.open(path, PreparedEncoder(vectors, questions)) as library:
        before = library.size()
    with Library.open(path, PreparedEncoder(vectors, questions, before["passages"])) as library:
        started, passages = time.perf_counter(), before["passages"]
        new = articles(sentences, before["generation"])
        while passages < size:
            for _ in library.add(islice(new, 1 + (size - passages) // 25)):
                pass
            passages = library.size()["passages"]
        return time.perf_counter() - started, passages - before["passages"]


def measure(path: Path, vectors: Vectors, questions: Questions) -> Measured:
    """Return the figures of the library in a folder. It is the same afterwards, apart from one article."""
    texts = list(questions)
    open_library = partial(Library.open, path, PreparedEncoder(vectors, questions))
    started = _memory()
    opened, library = _timed(open_library)
    with library:
        passages = library.size()["passages"]
        found: Measured = {"opening, s": opened}
        library.search(texts[0])  # so that what is loaded once is
        found["memory, bytes a passage"] = (_memory() - started) / passages
        nearest = [library.search(text, NEAREST, by="dense") for text in texts]
        found["recall@10"] = _recall(library, questions, nearest)
        found |= _each("search", library.search, texts)
        dense, bm25 = library._indexes.dense, library._indexes.bm25
        found |= _each("vectors alone", lambda vector: dense.search(vector, 100), questions.values())
        found |= _each("BM25 alone", lambda text: bm25.search(text, 100), texts)
        for number, name in enumerate(SHARES, 1):
            filtered = partial(library.search, filters=Filters(sources=tuple(SHARES)[:number]))
            filtered(texts[0])  # the keys that pass are kept for the state of the library
            found |= _each(f"search, {name} pass a filter", filtered, texts[:40])
        with open_library() as other:
            (first,), _ = library.entries(1)
            found["removing an article, s"], _ = _timed(partial(library.remove, first.article.id))
            found["catching up with it, s"], _ = _timed(partial(other.search, texts[0]))
    for name, file in (("database", "library.db"), ("vectors", DENSE_FILE), ("words", BM25_FOLDER)):
        found[f"{name}, bytes a passage on disk"] = _bytes(path / file) / passages
    delete(path / DENSE_FILE)
    found["vector index built again, s"], library = _timed(open_library)
    library.close()
    return found


def table(rows: Mapping[int, Measured]) -> str:
    """Return the figures as a Markdown table with a column for each size."""
    names = dict.fromkeys(name for row in rows.values() for name in row)
    lines = [f"|  | {' | '.join(f'{size:,} passages' for size in rows)} |", "|---" * (len(rows) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(_figure(name, row[name]) for row in rows.values())} |" for name in names]
    return "\n".join(lines)


def described(real: int) -> str:
    """Return the machine and the data in a sentence."""
    here = machine()
    return (
        f"{real:,} vectors are of real passages (Reuters, SciFact, SQuAD), the others are perturbed copies of them. "
        "The texts are sentences of Reuters in a random order, the questions are real and were encoded before. A "
        "search with a filter compares every vector that passes. "
        f"{here.cpu}, {here.cores} cores, Python {here.python}; "
        f"{os.getloadavg()[1]:.0f} processes wanted to run."
    )


def _recall(library: Library, questions: Questions, hits: Sequence[list[Hit]]) -> float:
    """Return how many of the nearest vectors were found, by comparing every vector of the database."""
    queries = np.stack(list(questions.values()))
    best, keys = np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)
    with library._database.snapshot() as snapshot:
        every = np.array(snapshot.keys_after(0), np.int64)
        for block in (every[i : i + _BLOCK] for i in range(0, len(every), _BLOCK)):
            scores = np.concatenate([best, queries @ snapshot.vectors_of(block, queries.shape[1]).T], axis=1)
            all_keys = np.concatenate([keys, np.broadcast_to(block, (len(queries), len(block)))], axis=1)
            order = np.argsort(-scores, axis=1)[:, :NEAREST]
            best, keys = np.take_along_axis(scores, order, 1), np.take_along_axis(all_keys, order, 1)
    pairs = zip(keys.tolist(), hits, strict=True)
    return float(np.mean([len({*nearest} & {hit.passage.key for hit in found}) / NEAREST for nearest, found in pairs]))


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def _each(name: str, call: Callable[[Any], Any], items: Iterable[Any]) -> Measured:
    """Return quantiles of the times that some calls take on a core, whatever else runs on the machine."""
    seconds = []
    for item in items:
        started = time.thread_time()
        call(item)
        seconds.append(time.thread_time() - started)
    return {f"{name}, p{round(100 * q)}, ms of a core": 1000 * float(np.quantile(seconds, q)) for q in (0.5, 0.99)}


def _memory() -> int:
    """Return the bytes of this process's own memory; pages of files, which can be read again, are not counted."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(status.partition("RssAnon:")[2].split()[0])


def _bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file())


def _figure(name: str, value: float) -> str:
    if name.startswith("recall"):
        return f"{value:.3f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    try:
        main()
    except DataMissing as missing:
        sys.exit(str(missing))
