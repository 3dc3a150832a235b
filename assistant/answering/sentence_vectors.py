"""Vectors of sentences, cached because most questions are about articles that were just asked about."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from embeddings.encoder import Encoder

CACHE_SIZE = 20_000  # vectors; 30 MB at 384 dimensions


class SentenceVectors:
    """Encodes sentences, each text once while it is cached. Safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._cache: LRUCache[str, NDArray[np.float32]] = LRUCache(CACHE_SIZE)
        self._lock = Lock()

    @property
    def revision(self) -> str:
        """The sha256 of the encoder's weights."""
        return self._encoder.fingerprint.revision

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of shape ``(len(sentences), dimension)``."""
        with self._lock:
            vectors = {text: self._cache[text] for text in sentences if text in self._cache}
        new = [text for text in dict.fromkeys(sentences) if text not in vectors]
        if new:
            vectors |= zip(new, self._encoder.encode(new, "passage"), strict=True)
        with self._lock:
            self._cache.update(vectors)
        return np.stack([vectors[text] for text in sentences])

    def cosine(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Return the cosine similarity of a question and each sentence, of shape ``(len(sentences),)``."""
        vector = self._encoder.encode([question], "query")[0]
        cosine: NDArray[np.float64] = (self.encode(sentences) @ vector).astype(np.float64)
        return cosine
