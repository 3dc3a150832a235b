"""Reads passages for a question: runs the network in batches and caches its output."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cachetools import LRUCache

from assistant.reading import pair_network, weights
from assistant.reading.logits import Logits
from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import join_pair, pad
from embeddings.batches import batches_by_length

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_BATCH_TOKENS = 640  # with padding: larger batches leave the processor's caches and are slower
_CACHE_SIZE = 2_000  # passages; 5 MB


class TitledPassage(NamedTuple):
    """The text of a passage, and the title of its article, which may be empty."""

    title: str
    text: str


class Reader:
    """A network and its tokenizer, which load on first use. Safe to share between threads."""

    def __init__(self, load_network: Callable[[], PairNetwork] = pair_network.load) -> None:
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
                logits[i] = Logits(
                    start=start[row, passage],
                    end=end[row, passage],
                    has_answer=float(has_answer[row]),
                    offsets=np.array(pairs[i].offsets, np.int64).reshape(-1, 2),
                )
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


@cache
def packaged_reader() -> Reader | None:
    """Return the reader that ships with the project, one for the process; None if its weights are not installed."""
    return Reader() if weights.WEIGHTS_FILE.is_file() else None
