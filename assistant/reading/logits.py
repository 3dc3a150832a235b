"""What the network says of one passage, and the best span in it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.text.article import Span

LONGEST = 30  # tokens of a short answer


class BestSpan(NamedTuple):
    """A span, its score (start and end together), and how likely it is right as a short answer.

    ``share`` is the probability, among all spans, of those that have at least half of their tokens in common with it.
    """

    span: Span
    score: float
    share: float


@dataclass(frozen=True)
class Logits:
    """``start`` and ``end`` (tokens,), ``holds``, and the characters of the passage that each token stands for."""

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    holds: float
    offsets: NDArray[np.int64]

    def best(self, within: Span | None = None) -> "BestSpan | None":
        """The best span; None where no token lies ``within``."""
        inside = slice(0, len(self.offsets))
        if within is not None:
            first, last = np.searchsorted(self.offsets[:, 0], [within.start, within.end])
            inside = slice(int(first), int(last))
        offsets = self.offsets[inside]
        if not len(offsets):
            return None
        tokens = np.arange(len(offsets))
        width = tokens[None, :] - tokens[:, None]
        pairs = np.where((width >= 0) & (width < LONGEST), self.start[inside, None] + self.end[None, inside], -np.inf)
        start, end = divmod(int(pairs.argmax()), len(tokens))
        likely = np.exp(pairs - pairs[start, end])
        both = np.minimum(tokens, end)[None, :] - np.maximum(tokens, start)[:, None] + 1
        alike = 4 * both >= (width + 1) + (end - start + 1)  # a token F1 of a half
        return BestSpan(
            span=Span(start=int(offsets[start, 0]), end=int(offsets[end, 1])),
            score=float(pairs[start, end]),
            share=float(likely[alike].sum() / likely.sum()),
        )
