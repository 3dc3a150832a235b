"""Reads passages with a question in mind."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.reading import weights
from assistant.reading.logits import Logits
from assistant.reading.tokens import pad, read

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

    from assistant.reading.network import Network

_BATCH = 16
_REMEMBERED = 2_000  # readings; 5 MB


class Text(NamedTuple):
    """A passage, and the heading that it stands under, which may be empty."""

    heading: str
    passage: str


class Reader:
    """A trained network and its tokenizer; they load when they are first needed. Safe to share between threads."""

    def __init__(self, network: Callable[[], "Network"] = weights.load) -> None:
        self._load = network
        self._loaded: Network | None = None
        self._lock = Lock()
        self._known: dict[tuple[str, Text], Logits] = {}

    def read(self, question: str, texts: Sequence[Text]) -> list[Logits]:
        """What each passage says to the question, in the order given.

        Passages of like length share a batch, so little is spent on padding.

        Raises:
            ReaderUnavailable: the weights do not load.
        """
        with self._lock:
            known = {text: self._known[question, text] for text in texts if (question, text) in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known |= zip(new, self._read(question, new), strict=True)
        with self._lock:
            self._known |= {(question, text): logits for text, logits in known.items()}
            while len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
        return [known[text] for text in texts]

    def _read(self, question: str, texts: Sequence[Text]) -> list[Logits]:
        import torch

        asked = self._encode(question)
        reads = [read(asked, self._encode(one.heading), self._encode(one.passage)) for one in texts]
        by_length = sorted(range(len(reads)), key=lambda i: len(reads[i].ids))
        found: dict[int, Logits] = {}
        for first in range(0, len(reads), _BATCH):
            batch = by_length[first : first + _BATCH]
            with torch.inference_mode():
                scores = self._network(*(torch.tensor(rows) for rows in pad([reads[i] for i in batch])))
            for row, i in enumerate(batch):
                passage = slice(reads[i].first, reads[i].first + len(reads[i].offsets))
                found[i] = Logits(
                    start=scores.start[row, passage].numpy(),
                    end=scores.end[row, passage].numpy(),
                    holds=float(scores.holds[row]),
                    offsets=np.array(reads[i].offsets, np.int64).reshape(-1, 2),
                )
        return [found[i] for i in range(len(reads))]

    def _encode(self, text: str) -> "Encoding":
        return self._tokenizer.encode(text, add_special_tokens=False)

    @property
    def _network(self) -> "Network":
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return weights.tokenizer()


@cache
def packaged_reader() -> Reader | None:
    """The reader that ships with the project, one for the whole process; None where its weights are left out."""
    return Reader() if weights.WEIGHTS.is_file() else None
