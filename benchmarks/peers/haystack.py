"""Haystack: the sentence-transformers embedders and the document store in memory."""

from collections.abc import Sequence

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class HaystackIndex:
    """A document store with an embedding retriever."""

    def __init__(self, model: str, folder: str) -> None:
        self._documents = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
        self._texts = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
        self._documents.warm_up()
        self._texts.warm_up()
        self._store = InMemoryDocumentStore()
        self._retriever = InMemoryEmbeddingRetriever(self._store)

    def add(self, passages: Sequence[str]) -> None:
        documents = [Document(content=text, meta={"number": number}) for number, text in enumerate(passages)]
        self._store.write_documents(self._documents.run(documents)["documents"])

    def search(self, question: str, k: int) -> Sequence[int]:
        vector = self._texts.run(question)["embedding"]
        return [one.meta["number"] for one in self._retriever.run(vector, top_k=k)["documents"]]


open_index = HaystackIndex
