"""ROUGE (Lin 2004): the F1 of the n-grams, or of the longest common subsequence, of a summary and a reference.

Words are compared by their stems, as usual; here those of the search index, where the original has Porter's.
"""

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from embeddings.text.terms import stems


def rouge(summary: str, reference: str) -> dict[str, float]:
    """Return ROUGE-1, ROUGE-2 and ROUGE-L, each an F1; 0 where a text has no word."""
    words, wanted = stems(summary), stems(reference)
    return {
        "rouge1": _f1(_common(words, wanted, 1), len(words), len(wanted)),
        "rouge2": _f1(_common(words, wanted, 2), len(words) - 1, len(wanted) - 1),
        "rougeL": _f1(LCSseq.similarity(words, wanted), len(words), len(wanted)),
    }


def _common(words: Sequence[str], wanted: Sequence[str], n: int) -> int:
    first, second = (Counter(zip(*(text[i:] for i in range(n)), strict=False)) for text in (words, wanted))
    return (first & second).total()


def _f1(common: int, size: int, wanted: int) -> float:
    return 2 * common / (size + wanted) if common else 0.0
