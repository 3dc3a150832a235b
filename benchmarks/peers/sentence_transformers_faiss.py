"""sentence-transformers with an exact FAISS index, as in its own documentation."""

from collections.abc import Sequence

import faiss
from sentence_transformers import SentenceTransformer


class SentenceTransformersIndex:
    """A flat index of unit vectors."""

    def __init__(self, model: str, folder: str) -> None:
        self._model = SentenceTransformer(model)
        self._index = faiss.IndexFlatIP(384)

    def add(self, passages: Sequence[str]) -> None:
        self._index.add(self._model.encode(list(passages), normalize_embeddings=True))

    def search(self, question: str, k: int) -> Sequence[int]:
        _, found = self._index.search(self._model.encode([question], normalize_embeddings=True), k)
        return [int(one) for one in found[0]]


open_index = SentenceTransformersIndex
