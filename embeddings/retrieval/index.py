"""The protocol that the dense and the BM25 index share, and the comparison of an index with the database.

Writing and loading differ, because one index is given vectors and the other texts. What holds for every index is tested
by the suite ``index_contract``, from which the tests of both inherit.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import State

OTHER_HISTORY = "was made from another history of the library than the database's"

Query_contra = TypeVar("Query_contra", contravariant=True)
Filter = TypeVar("Filter")


class Index(Protocol[Query_contra, Filter]):
    """Passages by key, searched with one type of query and one type of filter."""

    def __len__(self) -> int:
        """Return the number of passages."""

    def keys(self) -> list[int]:
        """Return the keys of the passages in ascending order."""

    @property
    def state(self) -> State:
        """The state of the database that the index represents."""

    def bounds(self, snapshot: Snapshot, filters: Filters | None, /) -> Filter | None:
        """Return the index's own form of filters; None if every passage passes."""

    def search(self, query: Query_contra, k: int, allowed: Filter | None = None, /) -> NDArray[np.int64]:
        """Return the keys of the ``k`` best passages that pass the filter, best first; fewer only if fewer pass it."""

    def scores(self, query: Query_contra, keys: NDArray[np.int64], /) -> NDArray[np.float64]:
        """Return the score of each key's passage, by which a search ranks them."""


class WordIndex(Index[str, Filter], Protocol[Filter]):
    """An index that is searched with words."""

    def rarities(self, words: Sequence[str], /) -> NDArray[np.float64]:
        """Return for each word the highest score that it gives a passage by its text; 0 if none has it."""


Dense = Index[NDArray[np.float32], Any]
BM25 = WordIndex[Any]


def validate(index: Index[Any, Any], snapshot: Snapshot) -> None:
    """Raise StaleIndex unless the index represents the snapshot's state or one from which that resulted."""
    if not snapshot.descends_from(index.state):
        raise StaleIndex(OTHER_HISTORY)
    if index.state == snapshot.state and len(index) != snapshot.count_passages():
        raise StaleIndex("did not hold what the database holds")


def compare(index: Index[Any, Any], snapshot: Snapshot) -> tuple[bool, str]:
    """Return whether an index has the passages that the database has, and a description of what it has."""
    found = f"{len(index)} passages at generation {index.state.generation} of {snapshot.generation}"
    if index.state != snapshot.state:
        return False, found
    is_same = sorted(index.keys()) == snapshot.keys_after(0)
    return is_same, found + ("" if is_same else ", and others than the database's")
