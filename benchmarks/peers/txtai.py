"""txtai: its embeddings database with content."""

from collections.abc import Sequence

from txtai import Embeddings


class TxtaiIndex:
    """An embeddings database."""

    def __init__(self, model: str, folder: str) -> None:
        self._embeddings = Embeddings(path=model, content=True)

    def add(self, passages: Sequence[str]) -> None:
        self._embeddings.index(list(enumerate(passages)))

    def search(self, question: str, k: int) -> Sequence[int]:
        return [int(one["id"]) for one in self._embeddings.search(question, k)]


open_index = TxtaiIndex
