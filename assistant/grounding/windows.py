"""Windows: the few neighbouring sentences of a text that have most of a sentence's words."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant.draft_answer import Quote
from embeddings.text.article import Excerpt, Span
from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems

MAX_WINDOW = 3  # neighbouring source sentences that may support one sentence together
_SIZE_PENALTY = 0.02  # of the weight of a sentence, for each source sentence in a window

_stems = lru_cache(maxsize=8192)(stems)


def window_quotes(sentence: str, excerpt: Excerpt, sentences: Sequence[Span]) -> list[Quote]:
    """Return the candidate windows of some sentences of an excerpt as quotes, shortest first."""
    windows = candidate_windows(sentence, [excerpt.cut(one) for one in sentences])
    spans = (Span(start=sentences[first].start, end=sentences[last - 1].end) for first, last in windows if first < last)
    return [Quote.cut(excerpt, span) for span in spans]


def window_texts(sentence: str, text: str) -> list[str]:
    """Return the candidate windows of the sentences of a text, shortest first; the whole text if it has no sentence."""
    spans = sentence_spans(text)
    windows = candidate_windows(sentence, [span.cut(text) for span in spans]) if spans else []
    return [text[spans[first].start : spans[last - 1].end] for first, last in windows] or [text]


def candidate_windows(sentence: str, source: Sequence[str]) -> list[tuple[int, int]]:
    """Return the best windows of at most one, two and three source sentences, without repeats, shortest first."""
    return list(dict.fromkeys(best_window(sentence, source, size) for size in range(1, MAX_WINDOW + 1)))


def best_window(sentence: str, source: Sequence[str], max_size: int = MAX_WINDOW) -> tuple[int, int]:
    """Return the neighbouring source sentences that have most of a sentence's words; of equal windows the shortest.

    A word is weighted by its inverse sentence frequency, because a word of every source sentence points to none.

    Args:
        sentence: the sentence to align.
        source: the sentences of one text, in order.
        max_size: the largest number of source sentences in the window.

    Returns:
        A half-open range of indexes into ``source``; ``(0, 0)`` if the source is empty.
    """
    source_stems = [frozenset(_stems(one)) for one in source]
    frequency = Counter(stem for one in source_stems for stem in one)
    shared = {stem: math.log1p(len(source) / frequency[stem]) for stem in _stems(sentence) if stem in frequency}
    weights = {stem: weight for stem, weight in shared.items() if stem not in STOP_WORDS} or shared
    penalty = _SIZE_PENALTY * sum(weights.values())
    sizes = range(1, min(max_size, len(source)) + 1)
    gains = {
        (start, start + size): _covered_weight(source_stems[start : start + size], weights) - penalty * size
        for size in sizes
        for start in range(len(source) - size + 1)
    }
    return max(gains, key=gains.__getitem__, default=(0, 0))


def _covered_weight(source_stems: Sequence[frozenset[str]], weights: Mapping[str, float]) -> float:
    covered = frozenset[str]().union(*source_stems)
    return sum(weight for stem, weight in weights.items() if stem in covered)
