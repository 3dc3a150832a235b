"""What an index of passages is, whatever it finds them by: the protocol that the dense and the BM25 index share.

They are written and opened each in its own way, because one is given vectors and the other texts. What holds for any
index is a suite of tests, ``index_contract``, that the tests of each inherit.
"""

from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.storage.state import State

Query_contra = TypeVar("Query_contra", contravariant=True)
Bounds_contra = TypeVar("Bounds_contra", contravariant=True)


class Index(Protocol[Query_contra, Bounds_contra]):
    """Passages by their keys, searched by one kind of query within one kind of bounds."""

    def __len__(self) -> int:
        """How many passages it holds."""

    def keys(self) -> list[int]:
        """The keys that it holds, in ascending order."""

    @property
    def state(self) -> State:
        """The state of the database that it holds."""

    def search(self, query: Query_contra, k: int, bounds: Bounds_contra | None = None, /) -> NDArray[np.int64]:
        """Keys of the ``k`` best passages within the bounds, best first; if there are ``k``, so many come."""

    def scores(self, query: Query_contra, keys: NDArray[np.int64], /) -> NDArray[np.float64]:
        """The score of each key's passage, by which a search orders them."""
