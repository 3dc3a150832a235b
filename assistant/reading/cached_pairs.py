"""Networks over pairs of texts whose last outputs are kept: run in batches, and each pair once."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import TokenizedPair, join_pair, pad
from assistant.reading.weights import tokenizer
from embeddings.batches import batches_by_length
from embeddings.converted_network import Arrays

_BATCH_TOKENS = 640  # with padding: larger batches leave the processor's caches and are slower
Output = TypeVar("Output")


class TitledPassage(NamedTuple):
    """The text of a passage, and the title of its article, which may be empty."""

    title: str
    text: str


class CachedPairs(Generic[Output]):
    """A network over pairs of texts, which loads on first use, and its last outputs. Safe to share between threads."""

    def __init__(
        self,
        load_network: Callable[[], PairNetwork],
        output: Callable[[str, TitledPassage, TokenizedPair, Arrays], Output],
        cache_size: int,
    ) -> None:
        """Create it without loading.

        Args:
            load_network: returns the network.
            output: makes the output of a first text, a passage, their tokens, and the network's logits for them.
            cache_size: the most outputs that are kept.
        """
        self._load_network = load_network
        self._output = output
        self._loaded_network: PairNetwork | None = None
        self._lock = Lock()
        self._cache: LRUCache[tuple[str, TitledPassage], Output] = LRUCache(cache_size)

    def read(self, first: str, passages: Sequence[TitledPassage]) -> list[Output]:
        """Return the output of the first text with each passage, in order.

        Raises:
            ReaderUnavailable: the weights do not load.
        """
        with self._lock:
            known = {one: self._cache[first, one] for one in passages if (first, one) in self._cache}
        new = [one for one in dict.fromkeys(passages) if one not in known]
        known |= zip(new, self._run(first, new), strict=True)
        with self._lock:
            self._cache.update({(first, one): output for one, output in known.items()})
        return [known[one] for one in passages]

    @property
    def runtime(self) -> str:
        """What runs the network, which is loaded for it."""
        return self._network.runtime

    def _run(self, first: str, passages: Sequence[TitledPassage]) -> list[Output]:
        """Run the network. Pairs of similar length share a batch, so that few tokens are padding."""
        encode = partial(tokenizer().encode, add_special_tokens=False)
        tokens = encode(first)
        pairs = [join_pair(tokens, encode(one.title), encode(one.text)) for one in passages]
        outputs: dict[int, Output] = {}
        for batch in batches_by_length([len(pair.ids) for pair in pairs], _BATCH_TOKENS):
            logits = self._network(*pad([pairs[i] for i in batch]))
            for row, i in enumerate(batch):
                outputs[i] = self._output(first, passages[i], pairs[i], tuple(one[row] for one in logits))
        return [outputs[i] for i in range(len(pairs))]

    @property
    def _network(self) -> PairNetwork:
        with self._lock:
            if self._loaded_network is None:
                self._loaded_network = self._load_network()
            return self._loaded_network
