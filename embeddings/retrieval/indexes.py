"""Both indexes of a library, kept at the state of its database."""

import threading
from pathlib import Path

from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.bm25_updater import Bm25Updater
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index import OTHER_HISTORY, compare, validate
from embeddings.retrieval.index_files import DENSE_FILE, delete_indexes, discard, reserve_space
from embeddings.retrieval.index_stamp import DiscardedIndex, StaleIndex
from embeddings.retrieval.library_indexes import LibraryIndexes
from embeddings.storage.encoder_check import refuse_other_encoder
from embeddings.storage.engine import Engine
from embeddings.storage.lock import try_writer_lock
from embeddings.storage.snapshot import Snapshot

_QUICK_TO_SAVE = 4 << 20  # bytes of vectors, which are written in milliseconds
_WORTH_SAVING = 0.05  # of all vectors: reading fewer new ones from the database is faster than saving all again


class Indexes(LibraryIndexes):
    """The dense index in the memory of each process, and the BM25 index on disk.

    A problem with the files of an index never fails an operation; it only adds a notice.

    Removed passages are erased from all files: from the saved dense index by deleting it, from the BM25 index by
    building its segments again, and from the database by overwriting its unused space.
    """

    def __init__(self, folder: Path, database: Engine, encoder: str, dimension: int, *, read_only: bool) -> None:
        """Load the indexes that are valid and rebuild the others, with a notice.

        Args:
            folder: The library's folder.
            database: Its database.
            encoder: The encoder's fingerprint, as JSON.
            dimension: The number of components of a vector.
            read_only: Nothing can be written in the folder.
        """
        super().__init__()
        self._folder = folder
        self._database = database
        self._encoder = encoder
        self._dense_path = folder / DENSE_FILE
        self._read_only = read_only
        self._unsaved_changes = 0  # of the dense index
        self._dense_discarded = False  # the saved dense index was deleted because it contained removed passages
        self._dense_lock = threading.Lock()
        with database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, encoder)
            self._library = snapshot.library
        self._dense = self._load_dense(dimension)
        self._bm25 = Bm25Updater(folder, database, self._library, self._notify, read_only=read_only)
        self.erase_pending = self.bm25.retains_removed and not read_only
        self.catch_up()
        self.save()

    @property
    def dense(self) -> DenseIndex:
        """The dense index."""
        return self._dense

    @property
    def bm25(self) -> Bm25Index:
        """The BM25 index."""
        return self._bm25.index

    def catch_up(self, *, locked: bool = False) -> None:
        """Bring both indexes to the database's state.

        Args:
            locked: The caller holds the writer lock. Without it, a BM25 index that another thread or process is writing
                stays behind.

        Raises:
            LibraryMismatch: Another process has begun to embed the library with another encoder.
        """
        with self._dense_lock, self._database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, self._encoder)
            self._catch_up_dense(snapshot)
            if self.bm25.state == snapshot.state:
                return
        self._bm25.catch_up(locked=locked)

    def save(self, *, final: bool = False, wait: float = 0) -> None:
        """Erase removed passages, and save the dense index if it has changed enough, unless another writer is at work.

        An index that was discarded is saved again at once if that is quick, so that it can be deleted again when the
        disk is full.

        Args:
            final: Save a discarded index also if that is not quick, because there will be no other occasion.
            wait: How many seconds to wait for readers of an earlier state, as in :meth:`erase_removed`.
        """
        is_quick = 4 * self.dense.dimension * len(self.dense) <= _QUICK_TO_SAVE
        to_save = (self._dense_discarded and (final or is_quick)) or (
            self._unsaved_changes > _WORTH_SAVING * len(self.dense)
        )
        if self._read_only or not (to_save or self.erase_pending):
            return
        with try_writer_lock(self._folder) as locked:
            if locked:
                self.erase_removed(wait)
                if to_save and not self.erase_pending:
                    self._save_dense()

    def free_space(self) -> None:
        """Delete both indexes on disk. They can be rebuilt; the database, which needs the space, cannot."""
        delete_indexes(self._folder)
        self._dense_discarded = True

    def check(self) -> list[tuple[str, bool, str]]:
        """Compare both indexes with the database.

        Returns:
            The name of each index, whether it is right, and what was found.
        """
        with self._dense_lock, self._database.snapshot() as snapshot:
            self._catch_up_dense(snapshot)
            rows = [("vector index", *compare(self.dense, snapshot))]
        return [*rows, ("BM25 index", *self._bm25.check())]

    @property
    def is_erased(self) -> bool:
        """True if no file contains anything of removed passages."""
        return not self.erase_pending and not self.bm25.retains_removed

    def erase_removed(self, wait: float) -> None:
        """Erase removed passages from all files. The caller holds the writer lock, and the indexes are caught up.

        The dense index is saved only afterwards, so that a saved index that is missing or older shows other processes
        that there is something to erase.

        Args:
            wait: How many seconds to wait for readers of an earlier state. If they take longer, ``erase_pending`` stays
                True.
        """
        if not self.erase_pending:
            return
        saved = DenseIndex.saved_state(self._dense_path)
        with self._database.snapshot() as snapshot:
            erased_by_other = (
                saved is not None
                and snapshot.descends_from(saved)
                and not snapshot.keys_removed_since(saved.generation)
            )
        if not erased_by_other:
            discard(self._dense_path)
            self._dense_discarded = True
            self._bm25.erase_removed()
        self.erase_pending = not (erased_by_other or self._database.wipe(wait))

    def _load_dense(self, dimension: int) -> DenseIndex:
        try:
            dense = DenseIndex.load(self._dense_path, self._library, self._encoder, dimension)
            with self._database.snapshot() as snapshot:
                validate(dense, snapshot)
        except StaleIndex as reason:
            with self._database.snapshot() as snapshot:
                if snapshot.generation and not isinstance(reason, DiscardedIndex):
                    self._notify(f"The vector index was rebuilt from the database: it {reason}.")
            return DenseIndex(dimension)
        return dense

    def _catch_up_dense(self, snapshot: Snapshot) -> None:
        if not snapshot.descends_from(self.dense.state):
            self._notify(f"The vector index was rebuilt from the database: it {OTHER_HISTORY}.")
            self._dense = DenseIndex(self.dense.dimension)
        since = self.dense.state
        if since != snapshot.state:
            removed = snapshot.keys_removed_since(since.generation)
            keys, vectors = snapshot.vectors_added_since(since.generation, self.dense.dimension)
            self.dense.apply(removed, keys, vectors, snapshot.state)
            self._unsaved_changes += len(removed) + len(keys)
            self.erase_pending |= bool(removed) and not self._read_only

    def _save_dense(self) -> None:
        try:
            self.dense.save(self._dense_path, self._library, self._encoder)
            self._unsaved_changes, self._dense_discarded = 0, False
        except OSError as error:
            reserve_space(self._dense_path)
            self._notify(f"The vector index could not be written; it is rebuilt each time: {error}.")
