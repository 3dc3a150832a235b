"""MinHash: signatures of texts, whose likeness estimates the share of word shingles that the texts have in common.

Broder, "On the resemblance and containment of documents", 1997. Texts that are alike have equal bands of their
signatures almost surely, so that they are found by these (locality-sensitive hashing).
"""

import zlib

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from embeddings.text.terms import stems

SHINGLE = 5  # words
BANDS, ROWS = 20, 5  # two texts with 75 % of their shingles in common share a band with 99.6 %, with 30 % with 5 %

_BLOCK = 4096  # shingles that are hashed at a time, whatever the length of the text
_random = np.random.default_rng(1997)
_WEIGHTS = _random.integers(1, 2**63, SHINGLE, np.uint64) | np.uint64(1)
_FACTORS = _random.integers(1, 2**63, BANDS * ROWS, np.uint64) | np.uint64(1)
_ADDENDS = _random.integers(0, 2**63, BANDS * ROWS, np.uint64)


def signature(text: str) -> NDArray[np.uint32]:
    """Return the signature of a text, of shape (BANDS * ROWS,); of shape (0,) if it has fewer words than a shingle."""
    words = np.fromiter((zlib.crc32(word.encode()) for word in stems(text)), np.uint64)
    if len(words) < SHINGLE:
        return np.empty(0, np.uint32)
    shingles = np.unique((sliding_window_view(words, SHINGLE) * _WEIGHTS).sum(axis=1, dtype=np.uint64))
    least = np.full(BANDS * ROWS, 2**32 - 1, np.uint64)
    for start in range(0, len(shingles), _BLOCK):
        hashes = (shingles[start : start + _BLOCK, None] * _FACTORS + _ADDENDS) >> np.uint64(32)
        least = np.minimum(least, hashes.min(axis=0))
    return least.astype("<u4")


def bands(signature: NDArray[np.uint32]) -> list[bytes]:
    """Return the bands of a signature."""
    packed = signature.tobytes()
    return [packed[at : at + 4 * ROWS] for at in range(0, len(packed), 4 * ROWS)]
