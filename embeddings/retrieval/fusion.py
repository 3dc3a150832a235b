"""Fusion of the dense and BM25 scores of the same candidates.

A weighted sum of scores keeps what reciprocal rank fusion discards: by how much one candidate is better than the next
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). The cosine is used as it is. The
BM25 score is divided by the best candidate's, because its scale depends on the length of the query and on the library.
It counts the less, the less of the query that candidate has: words that are found by chance, as those of a question in
another language than the articles', then say little.
"""

import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.retrieval.index import BM25

WEIGHT_FILE = Path(__file__).with_suffix(".json")
BM25_WEIGHT: float = json.loads(WEIGHT_FILE.read_bytes())["bm25_weight"]

# The share of what a query can reach that counts fully: of 0.3, 0.4 … 0.7 the best at the chosen weight, on the same
# questions, most of which reach it.
_FULL = 0.5


def reach(query: str, bm25_index: BM25) -> float:
    """Return the BM25 score of a passage that would have each word of a query as the best passage for that word has it.

    A word that is in no passage counts as the rarest could. What stands between two spaces is a word, in any script.
    """
    words = dict.fromkeys(word for word in query.lower().split() if any(map(str.isalnum, word)))
    rarities = bm25_index.rarities(list(words))
    absent = np.count_nonzero(rarities == 0)
    return float(rarities.sum()) + (absent * math.log(2 * len(bm25_index) + 2) if absent else 0.0)


def fuse(
    cosine: NDArray[np.float64],
    bm25: NDArray[np.float64],
    bm25_weight: float = BM25_WEIGHT,
    *,
    reachable: float = 0.0,
) -> NDArray[np.float64]:
    """Return the fused scores of candidates, of shape (n,).

    Args:
        cosine: The cosine of query and passage, of shape (n,).
        bm25: The BM25 scores of the same candidates, of shape (n,); 0 for one that shares no term with the query.
        bm25_weight: The weight of the best BM25 score relative to a cosine of 1; by default the one that
            ``python -m training.calibrate`` chose.
        reachable: The BM25 score that a passage with all of the query would have; 0 if that does not matter.
    """
    best = float(bm25.max(initial=0.0))
    if not best:
        return cosine
    share = best / max(best, _FULL * reachable)
    return cosine + bm25_weight * share**2 * bm25 / best
