"""Adding the same files by one process, and by a Ray cluster of one and of two nodes, each of one thread.

    ASSISTANT_EVAL_DATA=folder python -m benchmarks.distributed [--articles 300]

The files are Reuters articles and the nodes are processes of this machine, which share its cores with the process that
writes. Printed are the seconds until the first article was stored, the passages a second from then on, and their ratios
to the one process. Needs the extra ``ray``.
"""

import argparse
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from assistant.assistant import Assistant
from assistant.settings import Settings
from embeddings.converted_network import limit_threads
from evals.data.collection import Folder
from evals.data.reuters import reuters_articles

HOUSE = Path(__file__).parents[1]


class Adding(NamedTuple):
    """One run: its seconds until the first outcome, and seconds and passages from then on."""

    start: float
    seconds: float
    passages: int

    @property
    def rate(self) -> float:
        """Passages a second, after the first outcome."""
        return self.passages / self.seconds


def write_files(folder: Path, number: int) -> Path:
    """Write Reuters articles into files of a new folder, and return it."""
    files = folder / "articles"
    files.mkdir()
    for article in reuters_articles(Folder.from_environment(), 0, number):
        place = article.id
        (files / f"{place}.txt").write_text(f"{article.title}\n\n{article.text}", "utf-8")
    return files


@contextmanager
def nodes(number: int) -> Iterator[str]:
    """Run so many Ray nodes of one core each, and yield the address of the first."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled", "PYTHONPATH": str(HOUSE)}
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(1, number):
        cluster.add_node(num_cpus=1)
    try:
        yield cluster.address
    finally:
        cluster.shutdown()


def add(library: Path, files: Path, ray: str | None) -> Adding:
    """Add files to a new library, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_add, library, files, ray).result()


def _add(library: Path, files: Path, ray: str | None) -> Adding:
    limit_threads(1)
    with Assistant.open(settings=Settings(library=library, reader="off")) as assistant:
        begun = time.perf_counter()
        outcomes = assistant.add_each(files, ray=ray)
        next(outcomes)
        first = time.perf_counter()
        passages = sum(outcome.passages for outcome in outcomes)
        return Adding(first - begun, time.perf_counter() - first, passages)


def main() -> None:
    """Add by each and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=300)
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = write_files(folder, options.articles)
        runs = {"one process": add(folder / "plain", files, None)}
        for number in (1, 2):
            with nodes(number) as address:
                runs[f"Ray, nodes: {number}"] = add(folder / str(number), files, address)
    print("| added by | until the first | passages | passages a second | ratio |\n|---|---|---|---|---|")
    plain = runs["one process"].rate
    for name, run in runs.items():
        ratio = f"{run.rate / plain:.2f}"
        print(f"| {name} | {run.start:.1f} s | {run.passages} | {run.rate:.1f} | {ratio} |")


if __name__ == "__main__":
    main()
