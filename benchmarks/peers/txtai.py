"""txtai: its embeddings index. With content, in SQLite, it cannot be asked by several threads."""

from collections.abc import Sequence

from txtai import Embeddings


class TxtaiIndex:
    """An embeddings index."""

    def __init__(self, model: str, folder: str) -> None:
        self._embeddings = Embeddings(path=model)

    def add(self, passages: Sequence[str]) -> None:
        self._embeddings.index(list(enumerate(passages)))

    def search(self, question: str, k: int) -> Sequence[int]:
        return [int(number) for number, _ in self._embeddings.search(question, k)]


open_index = TxtaiIndex
