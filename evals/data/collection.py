"""Articles with questions about them, and the files they came from."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from embeddings.text.article import Article
from evals.errors import DataMissing
from evals.metrics.spans import Region

SHIPPED = Path(__file__).parent.parent / "datasets"
SEEDS = Path(__file__).parent.parent.parent / "seeds"

T = TypeVar("T")


@dataclass(frozen=True)
class EvalQuestion:
    """A question with what would be right: accepted short answers, and characters that support them.

    ``wanted`` names articles by their id; any one of its regions is enough. Both are empty when not ``answerable``.
    ``article`` is the id of the article that the question was written about, also when that one does not answer it.
    """

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    wanted: tuple[Region, ...] = ()
    article: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Collection:
    """Articles and questions; ``files`` gives the sha256 of every file they were read from."""

    articles: tuple[Article, ...]
    questions: tuple[EvalQuestion, ...]
    files: dict[str, str] = field(default_factory=dict)


class Folder:
    """The folder with the public data. A file that is not there is one line for a person, never an empty result."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.files: dict[str, str] = {}

    @classmethod
    def named(cls) -> "Folder":
        """The folder that ``ASSISTANT_EVAL_DATA`` names."""
        path = os.environ.get("ASSISTANT_EVAL_DATA")
        return cls(Path(path) if path else None)

    def file(self, name: str, what: str) -> Path:
        """The path of a file, whose sha256 is noted in ``files``.

        Raises:
            DataMissing: the folder is not named, or has no such file; the hint says how to get it.
        """
        path = self.path and self.path / name
        if path is None or not path.is_file():
            raise DataMissing(
                f"{what} is not on this machine.",
                expected=f"{name} in the folder that ASSISTANT_EVAL_DATA names",
                got="no such setting" if self.path is None else f"no such file in {self.path}",
                hint="evals/data/README.md says where each file comes from and how it is laid out.",
            )
        self.files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return path


def sample(items: Sequence[T], most: int | None, *, seed: int = 0) -> list[T]:
    """At most ``most`` of the items, drawn without replacement and kept in order; all of them for None."""
    if most is None or most >= len(items):
        return list(items)
    picks = np.random.default_rng(seed).choice(len(items), most, replace=False)
    return [items[i] for i in sorted(picks)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def fingerprint(parts: Iterable[str]) -> str:
    """16 hex digits that change when any of the parts does."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
