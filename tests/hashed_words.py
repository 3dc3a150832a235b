"""An encoder without a model: the tests of storing and searching need vectors, not good ones."""

import re
import zlib
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.fingerprint import Fingerprint


class HashedWords:
    """Words hashed into a unit vector. ``encoded`` keeps every text that was asked for."""

    window = 24
    runtime = "hashed words"

    def __init__(self, model: str = "hashed-words", dimension: int = 32) -> None:
        self.fingerprint = Fingerprint(model=model, revision="1", dimension=dimension, prefix={}, pooling="sum")
        self.encoded: list[str] = []

    def tokens(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def encode(
        self, texts: Sequence[str], kind: Literal["query", "passage"], *, background: bool = False
    ) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.fingerprint.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[0] = 0.01  # a text without words still has a direction
            for word in re.findall(r"\w+", text.lower()):
                vector[zlib.crc32(word.encode()) % len(vector)] += 1
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit
