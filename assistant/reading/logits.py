"""The network's output for one passage, and the most likely answer span in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.text.article import Span

MAX_ANSWER_TOKENS = 30
NO_SPAN_SCORE = -20.0  # the score of a text none of whose tokens was read


class BestSpan(NamedTuple):
    """The most likely answer span.

    ``score`` is the sum of its start and end logits. ``probability`` is that of all spans that share at least half of
    their tokens with it, by a softmax over all spans: how likely it is right as a short answer.
    """

    span: Span
    score: float
    probability: float


@dataclass(frozen=True)
class Logits:
    """The logits of one passage.

    ``start`` and ``end`` have shape (tokens,), ``has_answer`` is the logit that the passage answers the question, and
    ``offsets`` (tokens, 2) are the start and end of each token in the passage, in characters.
    """

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    has_answer: float
    offsets: NDArray[np.int64]

    def outside(self, spans: Sequence[Span]) -> "Logits":
        """Return these logits, but for no answer that would start or end in one of the spans."""
        if not spans:
            return self
        starts = self.offsets[:, 0]
        is_inside = np.logical_or.reduce([(one.start <= starts) & (starts < one.end) for one in spans])
        unlikely = np.float32(NO_SPAN_SCORE)
        return replace(
            self, start=np.where(is_inside, unlikely, self.start), end=np.where(is_inside, unlikely, self.end)
        )

    def best_span(self, within: Span | None = None) -> BestSpan | None:
        """Return the best span of the passage, or of a part of it; None if no token begins there."""
        window = slice(0, len(self.offsets))
        if within is not None:
            first, last = np.searchsorted(self.offsets[:, 0], [within.start, within.end])
            window = slice(int(first), int(last))
        offsets = self.offsets[window]
        if not len(offsets):
            return None
        tokens = np.arange(len(offsets))
        length = tokens[None, :] - tokens[:, None]  # of each span from row to column, in tokens, minus one
        is_allowed = (length >= 0) & (length < MAX_ANSWER_TOKENS)
        scores = np.where(is_allowed, self.start[window, None] + self.end[None, window], -np.inf)
        start, end = divmod(int(scores.argmax()), len(tokens))
        likelihood = np.exp(scores - scores[start, end])
        overlap = np.minimum(tokens, end)[None, :] - np.maximum(tokens, start)[:, None] + 1
        is_similar = 4 * overlap >= (length + 1) + (end - start + 1)  # a token F1 of at least one half
        return BestSpan(
            span=Span(start=int(offsets[start, 0]), end=int(offsets[end, 1])),
            score=float(scores[start, end]),
            probability=float(likelihood[is_similar].sum() / likelihood.sum()),
        )
