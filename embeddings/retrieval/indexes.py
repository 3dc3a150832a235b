"""Both indexes of a library, kept at the state of its database."""

from pathlib import Path

from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.bm25_updater import Bm25Updater
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.dense_updater import DenseUpdater
from embeddings.retrieval.index_files import delete_indexes
from embeddings.retrieval.library_indexes import LibraryIndexes
from embeddings.storage.encoder_check import refuse_other_encoder
from embeddings.storage.engine import Engine
from embeddings.storage.lock import try_writer_lock


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
        self._read_only = read_only
        with database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, encoder)
            library = snapshot.library
        self._dense = DenseUpdater(
            folder, database, library, encoder, dimension, notify=self._notify, read_only=read_only
        )
        self._bm25 = Bm25Updater(folder, database, library, self._notify, read_only=read_only)
        self.erase_pending = self.bm25.retains_removed and not read_only
        self.catch_up()
        self.change_over()
        self.save()

    @property
    def dense(self) -> DenseIndex:
        """The dense index."""
        return self._dense.index

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
        with self._dense.lock, self._database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, self._encoder)
            removed = self._dense.catch_up(snapshot)
            self.erase_pending |= removed and not self._read_only
            if self.bm25.state == snapshot.state:
                return
        self._bm25.catch_up(locked=locked)

    def change_over(self) -> None:
        """Keep the vectors as suits their number, if they are no longer; searches and changes go on meanwhile."""
        self.erase_pending |= self._dense.change_over()

    def save(self, *, final: bool = False, wait: float = 0) -> None:
        """Erase removed passages, and save the dense index if it has changed enough, unless another writer is at work.

        An index that was discarded is saved again at once if that is quick, so that it can be deleted again when the
        disk is full.

        Args:
            final: Save a discarded index also if that is not quick, because there will be no other occasion.
            wait: How many seconds to wait for readers of an earlier state, as in :meth:`erase_removed`.
        """
        to_save = self._dense.is_worth_saving(final=final)
        if self._read_only or not (to_save or self.erase_pending):
            return
        with try_writer_lock(self._folder) as locked:
            if locked:
                self.erase_removed(wait)
                if to_save and not self.erase_pending:
                    self._dense.save()

    def free_space(self) -> None:
        """Delete both indexes on disk. They can be rebuilt; the database, which needs the space, cannot."""
        delete_indexes(self._folder)
        self._dense.was_deleted()

    def check(self) -> list[tuple[str, bool, str]]:
        """Compare both indexes with the database.

        Returns:
            The name of each index, whether it is right, and what was found.
        """
        with self._dense.lock, self._database.snapshot() as snapshot:
            rows = [("vector index", *self._dense.check(snapshot))]
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
        erased_by_other = self._dense.is_saved_without_removed()
        if not erased_by_other:
            self._dense.discard()
            self._bm25.erase_removed()
        self.erase_pending = not (erased_by_other or self._database.wipe(wait))
