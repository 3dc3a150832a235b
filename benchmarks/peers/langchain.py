"""LangChain: HuggingFaceEmbeddings and the FAISS vector store."""

from collections.abc import Sequence

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings


class LangChainIndex:
    """A vector store."""

    def __init__(self, model: str, folder: str) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=model)

    def add(self, passages: Sequence[str]) -> None:
        metadata = [{"number": number} for number in range(len(passages))]
        self._store = FAISS.from_texts(list(passages), self._embeddings, metadata)

    def search(self, question: str, k: int) -> Sequence[int]:
        return [one.metadata["number"] for one in self._store.similarity_search(question, k)]


open_index = LangChainIndex
