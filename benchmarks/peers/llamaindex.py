"""LlamaIndex: HuggingFaceEmbedding and the default vector index."""

from collections.abc import Sequence

from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class LlamaIndexIndex:
    """A vector index in memory."""

    def __init__(self, model: str, folder: str) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=model)

    def add(self, passages: Sequence[str]) -> None:
        nodes = [TextNode(id_=str(number), text=text) for number, text in enumerate(passages)]
        self._index = VectorStoreIndex(nodes, embed_model=self._embedding)

    def search(self, question: str, k: int) -> Sequence[int]:
        return [int(one.node.node_id) for one in self._index.as_retriever(similarity_top_k=k).retrieve(question)]


open_index = LlamaIndexIndex
