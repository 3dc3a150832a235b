"""Collections of articles with questions, and the folder with the files that they are read from."""

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
    """A question with its right answers.

    Attributes:
        id: The question's id in its dataset.
        text: The question.
        answerable: Whether the articles answer it.
        answers: Accepted short answers.
        gold: The gold spans, in documents that are named by article id. Any one of them is a right citation.
        article: The id of the article about which the question was written, also if that does not answer it.
        kind: The dataset's category of the question.
    """

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    gold: tuple[Region, ...] = ()
    article: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Collection:
    """Articles and questions. ``files`` has the SHA-256 of every file that they were read from."""

    articles: tuple[Article, ...]
    questions: tuple[EvalQuestion, ...]
    files: dict[str, str] = field(default_factory=dict)


class Folder:
    """The folder with the public data. ``files`` has the SHA-256 of every file that was read."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.files: dict[str, str] = {}

    @classmethod
    def from_environment(cls) -> "Folder":
        """Return the folder that ``ASSISTANT_EVAL_DATA`` names."""
        path = os.environ.get("ASSISTANT_EVAL_DATA")
        return cls(Path(path) if path else None)

    def file(self, name: str, what: str) -> Path:
        """Return the path of a file and record its SHA-256.

        Args:
            name: The file's path in the folder.
            what: What it contains, for the error's message.

        Raises:
            DataMissing: No folder is set, or the folder has no such file.
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


def sample(items: Sequence[T], size: int | None, *, seed: int = 0) -> list[T]:
    """Return at most ``size`` items in their order, drawn without replacement; all of them for None."""
    if size is None or size >= len(items):
        return list(items)
    picks = np.random.default_rng(seed).choice(len(items), size, replace=False)
    return [items[i] for i in sorted(picks)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file, which may be compressed with gzip."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def fingerprint(parts: Iterable[str]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
