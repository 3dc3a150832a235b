"""Chroma: a persistent collection with the sentence-transformers embedding function."""

from collections.abc import Sequence

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction


class ChromaIndex:
    """A collection."""

    def __init__(self, model: str, folder: str) -> None:
        embed = SentenceTransformerEmbeddingFunction(model_name=model)
        self._collection = chromadb.PersistentClient(folder).create_collection("passages", embedding_function=embed)

    def add(self, passages: Sequence[str]) -> None:
        self._collection.add(ids=[str(number) for number in range(len(passages))], documents=list(passages))

    def search(self, question: str, k: int) -> Sequence[int]:
        found = self._collection.query(query_texts=[question], n_results=k)["ids"]
        return [int(one) for one in found[0]]


open_index = ChromaIndex
