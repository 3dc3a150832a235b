"""Checks sentences against texts: runs the checker's network in batches and caches what it says."""

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cachetools import LRUCache

from assistant.grounding.quantities import in_one_spelling
from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import join_pair, pad
from assistant.reading.weights import tokenizer
from embeddings.batches import batches_by_length

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_BATCH_TOKENS = 640
_CACHE_SIZE = 4_000  # pairs


class Entailment(NamedTuple):
    """The probabilities that a text supports a sentence, says nothing of it, and contradicts it."""

    supported: float
    neutral: float
    contradicted: float


class PairChecker:
    """A network and its tokenizer, which load on first use. Safe to share between threads."""

    def __init__(self, load_network: Callable[[], PairNetwork]) -> None:
        self._load_network = load_network
        self._lock = Lock()
        self._cache: LRUCache[tuple[str, str], Entailment] = LRUCache(_CACHE_SIZE)

    def check(self, sentence: str, texts: Sequence[str]) -> list[Entailment]:
        """Return what each text says of a sentence.

        Raises:
            ReaderUnavailable: the weights do not load.
        """
        with self._lock:
            known = {text: self._cache[sentence, text] for text in texts if (sentence, text) in self._cache}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known |= zip(new, self._run(sentence, new), strict=True)
        with self._lock:
            self._cache.update({(sentence, text): found for text, found in known.items()})
        return [known[text] for text in texts]

    def _run(self, sentence: str, texts: Sequence[str]) -> list[Entailment]:
        told, title = self._encode(in_one_spelling(sentence)), self._encode("")
        pairs = [join_pair(told, title, self._encode(in_one_spelling(text))) for text in texts]
        found: dict[int, Entailment] = {}
        for batch in batches_by_length([len(pair.ids) for pair in pairs], _BATCH_TOKENS):
            (logits,) = self._network(*pad([pairs[i] for i in batch]))
            shares = np.exp(logits - logits.max(1, keepdims=True))
            shares /= shares.sum(1, keepdims=True)
            found |= {i: Entailment(*map(float, row)) for i, row in zip(batch, shares, strict=True)}
        return [found[i] for i in range(len(pairs))]

    def _encode(self, text: str) -> "Encoding":
        return self._tokenizer.encode(text, add_special_tokens=False)

    @cached_property
    def _network(self) -> PairNetwork:
        return self._load_network()

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return tokenizer()
