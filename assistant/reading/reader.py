"""The readers: networks that read passages for a question."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.reading import base_model, careful_weights, pair_network, weights
from assistant.reading.cached_pairs import CachedPairs, TitledPassage
from assistant.reading.definitions import name_spans
from assistant.reading.logits import Logits
from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import TokenizedPair
from assistant.settings import ReaderName
from embeddings.converted_network import Arrays

if TYPE_CHECKING:
    from torch import nn

_CACHE_SIZE = 2_000  # passages; 5 MB
# What a converted network has to agree on with torch.
_SAMPLE = (
    ("When did the river rise?", "Floods", "The river rose by three metres on Monday, the highest since 1954."),
    ("Who said so?", "", "Nobody. " * 90),
)


class Reader(CachedPairs[Logits]):
    """A network that reads passages for a question."""

    def __init__(self, revision: str, load_network: Callable[[], PairNetwork]) -> None:
        """Create a reader.

        Args:
            revision: the sha256 of its weights.
            load_network: returns its network.
        """
        super().__init__(load_network, _logits, _CACHE_SIZE)
        self.revision = revision


def _logits(question: str, passage: TitledPassage, pair: TokenizedPair, logits: Arrays) -> Logits:
    """Return the logits of a passage, whose tokens are part of the pair's."""
    start, end, has_answer = logits
    tokens = slice(pair.passage_start, pair.passage_start + len(pair.offsets))
    offsets = np.array(pair.offsets, np.int64).reshape(-1, 2)
    read = Logits(start[tokens], end[tokens], float(has_answer), offsets)
    return read.outside(name_spans(question, passage.text))


@dataclass(frozen=True)
class Readers:
    """The small reader, which reads what search found, and the careful one, which decides; each may be missing."""

    small: Reader | None = None
    careful: Reader | None = None

    @property
    def all(self) -> list[Reader]:
        """Those that are there, the one that decides last."""
        return [one for one in (self.small, self.careful) if one]

    @property
    def revision(self) -> str | None:
        """The sha256 of the weights of the one that decides; None without a reader."""
        return self.all[-1].revision if self.all else None

    @classmethod
    def choose(cls, name: ReaderName | None) -> "Readers":
        """Return the readers of that name; for None the careful one where it is installed.

        Raises:
            ReaderUnavailable: the careful one is asked for and not installed.
        """
        if name == "off":
            return cls()
        if name == "careful":
            base_model.require_installed()
        careful = name != "small" and base_model.is_installed()
        return cls(small_reader(), careful_reader() if careful else None)


@cache
def small_reader() -> Reader:
    """Return the reader that ships with the project, one for the process."""
    return _reader("reader", weights.WEIGHTS_FILE, weights.load)


@cache
def careful_reader() -> Reader:
    """Return the reader whose base model is installed apart, one for the process."""
    return _reader("careful", careful_weights.WEIGHTS_FILE, careful_weights.load)


def _reader(name: str, path: Path, load: "Callable[[], nn.Module]") -> Reader:
    revision = weights.revision(path)
    return Reader(revision, lambda: pair_network.load(name, revision, load, _SAMPLE))
