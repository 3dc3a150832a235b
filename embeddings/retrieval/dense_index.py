"""The dense index (FAISS): search among the vectors of all passages, in memory. Saved as one file.

A search without a filter is exact until there are so many vectors that they are kept in lists. With a filter it is
always exact: then every vector that passes it is compared.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.index_files import open_index, write_atomically
from embeddings.retrieval.index_stamp import DiscardedIndex, IndexStamp, StaleIndex
from embeddings.retrieval.vector_lists import (
    STEPS,
    Step,
    create,
    faiss,
    fitting,
    is_known,
    keys_in,
    lists_in,
    search_parameters,
)
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import EMPTY_STATE, State

_MAX_STAMP_BYTES = 65_536  # bytes


class DenseIndex:
    """Unit vectors by key. A score is the inner product, which is the cosine of unit vectors.

    Thread-safe: a search sees a change entirely or not at all.
    """

    def __init__(
        self,
        dimension: int,
        steps: tuple[Step, ...] = STEPS,
        lists: int = 0,
        sample: NDArray[np.float32] | None = None,
    ) -> None:
        """Create an empty index.

        Args:
            dimension: The number of components of a vector.
            steps: The numbers of vectors from which on there are lists.
            lists: The number of lists to keep the vectors in; 0 for none.
            sample: Vectors like those that will be added, which lists need.
        """
        self.dimension = dimension
        self._steps = steps
        self._lock = threading.Lock()
        self._keys: NDArray[np.int64]
        self._set(create(dimension, lists, sample), EMPTY_STATE)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> list[int]:
        """Return the keys of the vectors in ascending order."""
        keys: list[int] = self._keys.tolist()
        return keys

    @property
    def lists(self) -> int:
        """The number of lists in which the vectors are; 0 if every vector is compared."""
        return lists_in(self._index)

    @property
    def lists_wanted(self) -> int:
        """The number of lists that suits the number of vectors. An index of another number still works."""
        return fitting(self._steps, len(self), self.lists).lists

    def apply(self, removed: list[int], keys: NDArray[np.int64], vectors: NDArray[np.float32], state: State) -> None:
        """Bring the index to another state of the database. Applying a change again has no effect.

        Args:
            removed: The keys to remove, which may be absent.
            keys: The keys to add, of shape (n,), ascending and above all others.
            vectors: Their vectors, of shape (n, dimension) and unit length.
            state: The state that the index represents afterwards.
        """
        with self._lock:
            replaced = np.concatenate([np.asarray(removed, np.int64), keys])
            replaced = replaced[self._contains(replaced)]
            if len(replaced):
                self._index.remove_ids(replaced)
                self._keys = np.delete(self._keys, np.searchsorted(self._keys, replaced))
            if len(keys):
                self._index.add_with_ids(vectors, keys)
                self._keys = np.concatenate([self._keys, keys])
            self.state = state

    def bounds(self, snapshot: Snapshot, filters: Filters | None) -> NDArray[np.int64] | None:
        """Return the keys of the passages whose article passes the filters; None if all do."""
        return None if filters is None else snapshot.keys_matching(filters)

    def search(self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the keys of the ``k`` vectors with the highest cosine, best first.

        If the vectors are in lists, a search without ``allowed`` can miss some of them, but returns ``k`` if there are
        as many.

        Args:
            query: A unit vector of shape (dimension,).
            k: The most keys to return.
            allowed: The keys to search among; None for all.
        """
        with self._lock:
            k = min(k, len(self) if allowed is None else len(allowed))
            if k == 0:
                return np.empty(0, np.int64)
            nearest = self._nearest(query, k, self._read if allowed is None else self.lists, allowed)
            return nearest if len(nearest) == k or allowed is not None else self._nearest(query, k, self.lists, None)

    def scores(self, query: NDArray[np.float32], keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the cosine of each key's vector with the query; NaN for a key that the index does not contain.

        It is computed row by row in double precision, so that equal vectors have equal scores in every call.
        """
        scores = np.full(len(keys), np.nan)
        with self._lock:
            known = self._contains(keys)
            vectors = self._index.reconstruct_batch(keys[known]) if known.any() else np.empty((0, len(query)))
        scores[known] = (vectors.astype(np.float64) * query).sum(axis=1)
        return scores

    def save(self, path: Path, library: str, encoder: str) -> None:
        """Save the index atomically: the stamp as a line of JSON, then FAISS's serialisation.

        Args:
            path: The file.
            library: The library's id.
            encoder: The encoder's fingerprint, as JSON.
        """
        with self._lock:
            payload, state = memoryview(faiss.serialize_index(self._index)), self.state
        stamp = IndexStamp(library=library, recipe=encoder, **state._asdict()).sealed(payload)
        write_atomically(path, stamp.model_dump_json().encode() + b"\n", payload)

    @classmethod
    def load(cls, path: Path, library: str, encoder: str, dimension: int, steps: tuple[Step, ...] = STEPS) -> Self:
        """Load the index that was saved for this library and encoder.

        Raises:
            StaleIndex: There is none, it was made for another library or encoder, or it was damaged.
        """
        dense_index = cls(dimension, steps)
        with open_index(path) as file:
            if not path.stat().st_size:
                raise DiscardedIndex("was discarded")
            stamp = IndexStamp.model_validate_json(file.readline(_MAX_STAMP_BYTES))
            begin = file.tell()
            stamp.verify(library, encoder, np.fromfile(file, np.uint8).data)
            file.seek(begin)  # read again, so that the index is not in memory twice
            index = faiss.read_index(faiss.PyCallbackIOReader(file.read))
            if not is_known(index, dimension):
                raise StaleIndex("was of another type")
            dense_index._set(index, stamp.state)
        return dense_index

    @staticmethod
    def saved_state(path: Path) -> State | None:
        """Return the state in a saved index's stamp, or None if there is no index."""
        with suppress(StaleIndex), open_index(path) as file:
            return IndexStamp.model_validate_json(file.readline(_MAX_STAMP_BYTES)).state
        return None

    def _set(self, index: Any, state: State) -> None:
        self._index = index
        self._keys = keys_in(index)
        self._read = next((step.read for step in self._steps if step.lists == self.lists), self.lists)
        self.state = state

    def _nearest(
        self, query: NDArray[np.float32], k: int, read: int, allowed: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        selector = None if allowed is None else _selector(allowed)
        with _one_thread():
            _, keys = self._index.search(query[None], k, params=search_parameters(self._index, read, selector))
        nearest: NDArray[np.int64] = keys[0][keys[0] >= 0]
        return nearest

    def _contains(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        if not len(self):
            return np.zeros(len(keys), np.bool_)
        positions = np.searchsorted(self._keys, keys).clip(max=len(self) - 1)
        known: NDArray[np.bool_] = self._keys[positions] == keys
        return known


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS use one thread.

    FAISS divides queries among threads, so with a single query the others only spin, which made a search thirty times
    slower on a busy machine. The setting belongs to the calling thread; torch may use it too, so it is restored.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _selector(allowed: NDArray[np.int64]) -> Any:
    """Return a selector with one bit for each key: the fastest test during a scan, and 12 KB for 100,000 keys."""
    bits = np.zeros(allowed.max() + 1, np.bool_)
    bits[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
