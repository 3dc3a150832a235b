"""Reads passages for a question: runs the network in batches and caches its output."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cachetools import LRUCache

from assistant.reading import base_model, careful_weights, pair_network, weights
from assistant.reading.definitions import name_spans
from assistant.reading.logits import Logits
from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import join_pair, pad
from assistant.settings import ReaderName
from embeddings.batches import batches_by_length

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from torch import nn

_BATCH_TOKENS = 640  # with padding: larger batches leave the processor's caches and are slower
_CACHE_SIZE = 2_000  # passages; 5 MB
# What a converted network has to agree on with torch.
_SAMPLE = (
    ("When did the river rise?", "Floods", "The river rose by three metres on Monday, the highest since 1954."),
    ("Who said so?", "", "Nobody. " * 90),
)


class TitledPassage(NamedTuple):
    """The text of a passage, and the title of its article, which may be empty."""

    title: str
    text: str


class Reader:
    """A network and its tokenizer, which load on first use. Safe to share between threads."""

    def __init__(self, revision: str, load_network: Callable[[], PairNetwork]) -> None:
        """Create a reader.

        Args:
            revision: the sha256 of its weights.
            load_network: returns its network.
        """
        self.revision = revision
        self._load_network = load_network
        self._loaded_network: PairNetwork | None = None
        self._lock = Lock()
        self._cache: LRUCache[tuple[str, TitledPassage], Logits] = LRUCache(_CACHE_SIZE)

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Logits]:
        """Return the logits of each passage, in order.

        Raises:
            ReaderUnavailable: the weights do not load.
        """
        with self._lock:
            cached = {one: self._cache[question, one] for one in passages if (question, one) in self._cache}
        new = [one for one in dict.fromkeys(passages) if one not in cached]
        cached |= zip(new, self._run(question, new), strict=True)
        with self._lock:
            self._cache.update({(question, passage): logits for passage, logits in cached.items()})
        return [cached[one] for one in passages]

    @property
    def runtime(self) -> str:
        """What runs the network, which is loaded for it."""
        return self._network.runtime

    def _run(self, question: str, passages: Sequence[TitledPassage]) -> list[Logits]:
        """Run the network. Passages of similar length share a batch, so that few tokens are padding."""
        question_tokens = self._encode(question)
        pairs = [join_pair(question_tokens, self._encode(one.title), self._encode(one.text)) for one in passages]
        logits: dict[int, Logits] = {}
        for batch in batches_by_length([len(pair.ids) for pair in pairs], _BATCH_TOKENS):
            start, end, has_answer = self._network(*pad([pairs[i] for i in batch]))
            for row, i in enumerate(batch):
                passage = slice(pairs[i].passage_start, pairs[i].passage_start + len(pairs[i].offsets))
                read = Logits(
                    start=start[row, passage],
                    end=end[row, passage],
                    has_answer=float(has_answer[row]),
                    offsets=np.array(pairs[i].offsets, np.int64).reshape(-1, 2),
                )
                logits[i] = read.outside(name_spans(question, passages[i].text))
        return [logits[i] for i in range(len(pairs))]

    def _encode(self, text: str) -> "Encoding":
        return self._tokenizer.encode(text, add_special_tokens=False)

    @property
    def _network(self) -> PairNetwork:
        with self._lock:
            if self._loaded_network is None:
                self._loaded_network = self._load_network()
            return self._loaded_network

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return weights.tokenizer()


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
