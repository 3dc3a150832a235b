"""The updating of the dense index, in memory and saved as a file, to the state and the size of the database."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index import OTHER_HISTORY, compare, validate
from embeddings.retrieval.index_files import DENSE_FILE, discard, reserve_space
from embeddings.retrieval.index_stamp import DiscardedIndex, StaleIndex
from embeddings.retrieval.vector_lists import SAMPLE, STEPS, Step, fitting
from embeddings.storage.engine import Engine
from embeddings.storage.snapshot import Snapshot

_QUICK_TO_SAVE = 4 << 20  # bytes of vectors, which are written in milliseconds
_WORTH_SAVING = 0.05  # of all vectors: reading fewer new ones from the database is faster than saving all again
_SLICE = 20_000  # vectors that are read from the database at once


class DenseUpdater:
    """A dense index that follows the database.

    When it has outgrown its lists, another one is built beside it from the database and takes its place; until then
    ``index`` is searched and follows the database. Whoever passes a snapshot holds ``lock``, and took it before the
    snapshot, which would be older than the index otherwise.
    """

    def __init__(
        self,
        folder: Path,
        database: Engine,
        library: str,
        encoder: str,
        dimension: int,
        *,
        notify: Callable[[str], None],
        read_only: bool,
        steps: tuple[Step, ...] = STEPS,
    ) -> None:
        """Load the index, or begin an empty one if it is not valid.

        Args:
            folder: The library's folder.
            database: Its database.
            library: The library's id.
            encoder: The encoder's fingerprint, as JSON.
            dimension: The number of components of a vector.
            notify: Receives notices about problems with the index's file.
            read_only: Nothing can be written in the folder.
            steps: The numbers of vectors from which on there are lists.
        """
        self._path = folder / DENSE_FILE
        self._database, self._library, self._encoder, self._dimension = database, library, encoder, dimension
        self._notify, self._read_only, self._steps = notify, read_only, steps
        self._unsaved_changes = 0
        self._discarded = False  # the saved index was deleted because it contained removed passages
        self.lock = threading.Lock()
        self._building = threading.Lock()
        self.index = self._load()

    def catch_up(self, snapshot: Snapshot) -> bool:
        """Bring the index to the snapshot's state, and return whether passages were removed from it."""
        if not snapshot.descends_from(self.index.state):
            self._notify(f"The vector index was rebuilt from the database: it {OTHER_HISTORY}.")
            self.index = self._begin(snapshot)
        removed, added = _bring(self.index, snapshot)
        self._unsaved_changes += removed + added
        return removed > 0

    def change_over(self) -> bool:
        """Build an index with as many lists as suit its size, and put it in the place of this one.

        Searches and changes go on meanwhile. A folder that cannot be written keeps the index that it has, because
        whoever opens it would have to build another one again.

        Returns:
            Whether passages were removed from the index that was replaced, as :meth:`catch_up` does.
        """
        wanted = self.index.lists_wanted
        if self._read_only or self.index.lists == wanted or not self._building.acquire(blocking=False):
            return False
        try:
            with self._database.snapshot() as snapshot:
                sample = self._sample(snapshot, wanted)
            new = self._empty(wanted, sample)  # without a snapshot, which would keep removed text from being erased
            with self._database.snapshot() as snapshot:
                _bring(new, snapshot)
            with self.lock, self._database.snapshot() as snapshot:
                removed = self.catch_up(snapshot)
                if snapshot.descends_from(new.state):
                    _bring(new, snapshot)
                    self.index, self._unsaved_changes = new, len(new)
                return removed
        finally:
            self._building.release()

    def is_worth_saving(self, *, final: bool) -> bool:
        """Return True if the index has changed enough to be saved, or was discarded and can be saved quickly.

        Args:
            final: A discarded index is worth saving also if that is not quick, because there is no other occasion.
        """
        is_quick = 4 * self._dimension * len(self.index) <= _QUICK_TO_SAVE
        return (self._discarded and (final or is_quick)) or self._unsaved_changes > _WORTH_SAVING * len(self.index)

    def save(self) -> None:
        """Save the index. The caller holds the writer lock."""
        try:
            self.index.save(self._path, self._library, self._encoder)
            self._unsaved_changes, self._discarded = 0, False
        except OSError as error:
            reserve_space(self._path)
            self._notify(f"The vector index could not be written; it is rebuilt each time: {error}.")

    def discard(self) -> None:
        """Delete the saved index, which may contain removed passages."""
        discard(self._path)
        self._discarded = True

    def was_deleted(self) -> None:
        """Note that the saved index is gone, so that it is saved again."""
        self._discarded = True

    def is_saved_without_removed(self) -> bool:
        """Return True if another process has saved the index since the last removal."""
        saved = DenseIndex.saved_state(self._path)
        with self._database.snapshot() as snapshot:
            return (
                saved is not None
                and snapshot.descends_from(saved)
                and not snapshot.keys_removed_since(saved.generation)
            )

    def check(self, snapshot: Snapshot) -> tuple[bool, str]:
        """Return whether the index is right, and a description of what it has."""
        self.catch_up(snapshot)
        return compare(self.index, snapshot)

    def _load(self) -> DenseIndex:
        try:
            index = DenseIndex.load(self._path, self._library, self._encoder, self._dimension, self._steps)
            with self._database.snapshot() as snapshot:
                validate(index, snapshot)
        except StaleIndex as reason:
            with self._database.snapshot() as snapshot:
                if snapshot.generation and not isinstance(reason, DiscardedIndex):
                    self._notify(f"The vector index was rebuilt from the database: it {reason}.")
                return self._begin(snapshot)
        return index

    def _begin(self, snapshot: Snapshot) -> DenseIndex:
        """Return an empty index for as many vectors as the database has."""
        lists = 0 if self._read_only else fitting(self._steps, snapshot.count_passages(), 0).lists
        return self._empty(lists, self._sample(snapshot, lists))

    def _sample(self, snapshot: Snapshot, lists: int) -> NDArray[np.float32]:
        """Return enough of the database's vectors, chosen at random, to learn so many lists from."""
        keys = np.array(snapshot.keys_after(0) if lists else [], np.int64)
        chosen = np.random.default_rng(0).choice(keys, min(len(keys), SAMPLE * lists), replace=False)
        return snapshot.vectors_of(np.sort(chosen), self._dimension)

    def _empty(self, lists: int, sample: NDArray[np.float32]) -> DenseIndex:
        """Return an empty index with lists that are learned from a sample; without, if most was removed meanwhile."""
        return DenseIndex(self._dimension, self._steps, lists if len(sample) >= lists else 0, sample)


def _bring(index: DenseIndex, snapshot: Snapshot) -> tuple[int, int]:
    """Bring an index to the snapshot's state, and return the numbers of removed and added passages.

    A change of many passages is applied in slices, so that they are not in memory twice.
    """
    since = index.state
    if since == snapshot.state:
        return 0, 0
    removed, added = snapshot.keys_removed_since(since.generation), snapshot.keys_added_since(since.generation)
    first, last = added[:-_SLICE], added[-_SLICE:]
    for start in range(0, len(first), _SLICE):
        keys = first[start : start + _SLICE]
        index.apply([], keys, snapshot.vectors_of(keys, index.dimension), since)
    index.apply(removed, last, snapshot.vectors_of(last, index.dimension), snapshot.state)
    return len(removed), len(added)
