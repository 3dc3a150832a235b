"""Reads passages for a question: runs the network in batches and caches its output."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cachetools import LRUCache

from assistant.reading import weights
from assistant.reading.logits import Logits
from assistant.reading.tokens import join_pair, pad

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

    from assistant.reading.network import Network

_BATCH_SIZE = 16
_CACHE_SIZE = 2_000  # passages; 5 MB


class TitledPassage(NamedTuple):
    """The text of a passage, and the title of its article, which may be empty."""

    title: str
    text: str


class Reader:
    """A network and its tokenizer, which load on first use. Safe to share between threads."""

    def __init__(self, load_network: Callable[[], "Network"] = weights.load) -> None:
        self._load_network = load_network
        self._loaded_network: Network | None = None
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

    def _run(self, question: str, passages: Sequence[TitledPassage]) -> list[Logits]:
        """Run the network. Passages of similar length share a batch, so that few tokens are padding."""
        import torch

        question_tokens = self._encode(question)
        pairs = [join_pair(question_tokens, self._encode(one.title), self._encode(one.text)) for one in passages]
        by_length = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
        logits: dict[int, Logits] = {}
        for start in range(0, len(pairs), _BATCH_SIZE):
            batch = by_length[start : start + _BATCH_SIZE]
            with torch.inference_mode():
                scores = self._network(*(torch.tensor(rows) for rows in pad([pairs[i] for i in batch])))
            for row, i in enumerate(batch):
                passage = slice(pairs[i].passage_start, pairs[i].passage_start + len(pairs[i].offsets))
                logits[i] = Logits(
                    start=scores.start[row, passage].numpy(),
                    end=scores.end[row, passage].numpy(),
                    has_answer=float(scores.has_answer[row]),
                    offsets=np.array(pairs[i].offsets, np.int64).reshape(-1, 2),
                )
        return [logits[i] for i in range(len(pairs))]

    def _encode(self, text: str) -> "Encoding":
        return self._tokenizer.encode(text, add_special_tokens=False)

    @property
    def _network(self) -> "Network":
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
