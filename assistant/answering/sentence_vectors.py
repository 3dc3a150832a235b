"""Vectors of sentences, remembered: most questions are about articles that were just asked about."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from embeddings.encoder import Encoder

REMEMBERED = 20_000  # vectors; 30 MB at 384 dimensions


class SentenceVectors:
    """Encodes sentences, each text once while it is remembered. Safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        """An empty memory before this encoder."""
        self._encoder = encoder
        self._known: LRUCache[str, NDArray[np.float32]] = LRUCache(REMEMBERED)
        self._lock = Lock()

    def of(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape ``(len(sentences), dimension)``."""
        with self._lock:
            known = {text: self._known[text] for text in sentences if text in self._known}
        new = [text for text in dict.fromkeys(sentences) if text not in known]
        if new:
            known |= zip(new, self._encoder.encode(new, "passage"), strict=True)
        with self._lock:
            self._known.update(known)
        return np.stack([known[text] for text in sentences])

    def cosine(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Cosine (n,) of a question and each sentence."""
        vector = self._encoder.encode([question], "query")[0]
        cosine: NDArray[np.float64] = (self.of(sentences) @ vector).astype(np.float64)
        return cosine
