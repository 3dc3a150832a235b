"""Fusion of the dense and BM25 scores of the same candidates.

A weighted sum of scores keeps what reciprocal rank fusion discards: by how much one candidate is better than the next
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). The cosine is used as it is. The
BM25 score is divided by the best candidate's, because its scale depends on the length of the query and on the library.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHT_FILE = Path(__file__).with_suffix(".json")
BM25_WEIGHT: float = json.loads(WEIGHT_FILE.read_bytes())["bm25_weight"]


def fuse(
    cosine: NDArray[np.float64], bm25: NDArray[np.float64], bm25_weight: float = BM25_WEIGHT
) -> NDArray[np.float64]:
    """Return the fused scores of candidates, of shape (n,).

    Args:
        cosine: The cosine of query and passage, of shape (n,).
        bm25: The BM25 scores of the same candidates, of shape (n,); 0 for one that shares no term with the query.
        bm25_weight: The weight of the best BM25 score relative to a cosine of 1; by default the one that
            ``python -m training.calibrate`` chose.
    """
    best = bm25.max(initial=0.0)
    return cosine + bm25_weight * bm25 / best if best > 0 else cosine
