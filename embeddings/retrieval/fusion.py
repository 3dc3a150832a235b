"""Dense and BM25 scores of the same candidates → one score.

A convex combination of scores keeps what reciprocal-rank fusion throws away: by how much one candidate beats the next
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Cosine is used as it is; BM25 is
divided by the best candidate's, because its size depends on the length of the query and on the library.
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
    """One fused score per candidate.

    Args:
        cosine: shape (n,), of query and passage.
        bm25: shape (n,), of the same candidates, none missing; 0 for one that shares no word with the query.
        bm25_weight: what the best BM25 score counts beside a cosine of 1; by default what
            ``python -m training.calibrate`` chose.
    """
    best = bm25.max(initial=0.0)
    return cosine + bm25_weight * bm25 / best if best > 0 else cosine
