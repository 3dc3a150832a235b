"""The FAISS index: every passage's vector in memory, searched exactly. A cache of the database in one file."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import faiss as untyped_faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.retrieval.index_stamp import GivenUp, IndexStamp, StaleIndex, opened, write_atomically
from embeddings.storage.state import EMPTY, State

faiss: Any = untyped_faiss  # its type stubs describe the C++ signatures, not those of Python
_LONGEST_STAMP = 65_536  # bytes


class DenseIndex:
    """Unit vectors by key. A score is an inner product, which for unit vectors is the cosine.

    Safe to use from several threads: a search sees all of a change or nothing of it.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._lock = threading.Lock()
        self._keep(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)), EMPTY)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self) -> list[int]:
        """The keys that it holds."""
        keys: list[int] = self._keys.tolist()
        return keys

    def apply(self, removed: list[int], keys: NDArray[np.int64], vectors: NDArray[np.float32], state: State) -> None:
        """Take keys out, put keys in, and hold this state of the database. Doing it twice is doing it once."""
        with self._lock:
            gone = np.concatenate([np.asarray(removed, np.int64), keys])
            gone = gone[self._known(gone)]
            if len(gone):
                self._index.remove_ids(gone)
            if len(keys):
                self._index.add_with_ids(vectors, keys)
            self._keep(self._index, state)

    def search(self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Keys of the ``k`` vectors nearest to the query, of shape (dimension,), among the allowed keys or all."""
        with self._lock:
            k = min(k, len(self) if allowed is None else len(allowed))
            if k == 0:
                return np.empty(0, np.int64)
            parameters = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))
            with _one_thread():
                _, keys = self._index.search(query[None], k, params=parameters)
        found: NDArray[np.int64] = keys[0][keys[0] >= 0]
        return found

    def scores(self, query: NDArray[np.float32], keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """The cosine of each key's vector with the query; NaN for a key that is not here.

        Summed row by row in double precision, so that equal vectors have equal scores, whatever else is asked for.
        """
        scores = np.full(len(keys), np.nan)
        with self._lock:
            known = self._known(keys)
            vectors = self._index.reconstruct_batch(keys[known]) if known.any() else np.empty((0, len(query)))
        scores[known] = (vectors.astype(np.float64) * query).sum(axis=1)
        return scores

    def save(self, path: Path, library: str, encoder: str) -> None:
        """Write one file, a line of JSON and FAISS's own bytes; the old one stays until the new one is whole."""
        with self._lock:
            payload, state = memoryview(faiss.serialize_index(self._index)), self.state
        stamp = IndexStamp(library=library, recipe=encoder, **state._asdict()).sealed(payload)
        write_atomically(path, stamp.model_dump_json().encode() + b"\n", payload)

    @classmethod
    def load(cls, path: Path, library: str, encoder: str, dimension: int) -> Self:
        """The index that was saved for this library and encoder.

        Raises:
            Stale: there is none, or it is another's, or not one byte of it can be trusted.
        """
        vectors = cls(dimension)
        with opened(path) as file:
            if not path.stat().st_size:
                raise GivenUp("was given up")
            stamp = IndexStamp.model_validate_json(file.readline(_LONGEST_STAMP))
            payload = np.fromfile(file, np.uint8)
            stamp.refuse(library, encoder, payload.data)
            index = faiss.deserialize_index(payload)
            if _kind(index) != _kind(vectors._index):
                raise StaleIndex("was of another kind")
            vectors._keep(index, stamp.state)
        return vectors

    @staticmethod
    def saved(path: Path) -> State | None:
        """The state that a saved index says it holds; None when there is none."""
        with suppress(StaleIndex), opened(path) as file:
            return IndexStamp.model_validate_json(file.readline(_LONGEST_STAMP)).state
        return None

    def _keep(self, index: Any, state: State) -> None:
        self._index = index
        self._keys: NDArray[np.int64] = faiss.vector_to_array(index.id_map)  # ascending: keys are never reused
        self.state = state

    def _known(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        if not len(self):
            return np.zeros(len(keys), np.bool_)
        at = np.searchsorted(self._keys, keys).clip(max=len(self) - 1)
        known: NDArray[np.bool_] = self._keys[at] == keys
        return known


def _kind(index: Any) -> tuple[object, ...]:
    inner = getattr(index, "index", None)
    return type(index), inner and type(faiss.downcast_index(inner)), index.d, index.metric_type


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS shares out queries among threads, so one query keeps one at work and the rest of them spinning.

    On a busy machine that made a search thirty times as slow. The setting is the calling thread's; torch may share it.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _selector(allowed: NDArray[np.int64]) -> Any:
    """A bit a key: the cheapest test inside the scan, and 12 KB for a hundred thousand keys."""
    bits = np.zeros(allowed.max() + 1, np.bool_)
    bits[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
