"""The updating of the BM25 index, on disk or in memory, to the state of the database."""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.index import OTHER_HISTORY, compare, validate
from embeddings.retrieval.index_files import BM25_FOLDER, delete
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.storage.engine import Engine
from embeddings.storage.lock import try_writer_lock
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import State


class Bm25Updater:
    """A BM25 index that follows the database.

    The index on disk is written by the holder of the writer lock. Where it cannot be used and the lock is not
    available, or the disk is full, ``index`` is in memory.
    """

    def __init__(
        self, folder: Path, database: Engine, library: str, notify: Callable[[str], None], *, read_only: bool
    ) -> None:
        """Load the index, or rebuild it if it is not valid.

        Args:
            folder: The library's folder.
            database: Its database.
            library: The library's id.
            notify: Receives notices about problems with the index's files.
            read_only: Nothing can be written in the folder.
        """
        self._folder = folder
        self._database = database
        self._library = library
        self._notify = notify
        self._read_only = read_only
        self._is_writable = not read_only  # whether an index on disk is possible
        self._lock = threading.Lock()
        self.index = self._load()

    def catch_up(self, *, locked: bool) -> None:
        """Bring the index to the database's state.

        Args:
            locked: The caller holds the writer lock. Without it, an index that another thread or process is writing
                stays behind.
        """
        if self._lock.acquire(blocking=locked):
            try:
                self._catch_up(locked=locked)
            finally:
                self._lock.release()

    def erase_removed(self) -> None:
        """Bring the index to the database's state and erase removed passages. The caller holds the writer lock."""
        with self._lock:
            self.index.refresh(self._is_ancestor)
            with self._database.snapshot() as snapshot:
                self._update(snapshot, erase=True)

    def check(self) -> tuple[bool, str]:
        """Return whether the index is right, and a description of what it has."""
        with self._lock, try_writer_lock(self._folder) as locked:
            self._catch_up(locked=locked and not self._read_only)
            with self._database.snapshot() as snapshot:
                is_behind = self.index.state != snapshot.state and snapshot.descends_from(self.index.state)
                ok, found = compare(self.index, snapshot)
                if is_behind and not locked and not self._read_only:
                    return True, found + ", which a writer is bringing there"
                return ok, found

    def _is_ancestor(self, state: State) -> bool:
        with self._database.snapshot() as snapshot:
            return snapshot.descends_from(state)

    def _load(self) -> Bm25Index:
        with suppress(StaleIndex):
            return self._load_valid()
        if self._is_writable:
            with try_writer_lock(self._folder) as locked:
                if locked:
                    return self._load_or_rebuild()
        return Bm25Index(self._library)

    def _load_valid(self) -> Bm25Index:
        index = Bm25Index.load(self._library, self._folder / BM25_FOLDER)
        with self._database.snapshot() as snapshot:
            validate(index, snapshot)
        return index

    def _load_or_rebuild(self) -> Bm25Index:
        """Return the index on disk. The caller holds the writer lock."""
        try:
            return self._load_valid()  # another process may just have written it
        except StaleIndex as reason:
            with self._database.snapshot() as snapshot:
                return self._rebuild(snapshot, str(reason), on_disk=True)

    def _rebuild(self, snapshot: Snapshot, reason: str, *, on_disk: bool) -> Bm25Index:
        if snapshot.generation:
            self._notify(f"The BM25 index was rebuilt from the database: it {reason}.")
        path = self._folder / BM25_FOLDER
        try:
            return _updated(Bm25Index(self._library, path if on_disk else None), snapshot)
        except (OSError, ValueError) as error:
            if not on_disk:
                raise
            self._is_writable = False
            delete(path)  # an index that cannot be updated would keep removed passages
            self._notify(f"The BM25 index could not be written; it is rebuilt each time: {error}.")
            return _updated(Bm25Index(self._library), snapshot)

    def _catch_up(self, *, locked: bool) -> None:
        self.index.refresh(self._is_ancestor)
        if not locked and not self.index.in_memory:
            if not self._read_only:
                with try_writer_lock(self._folder) as now_locked:
                    if now_locked:
                        return self._catch_up(locked=True)
            if self._is_ancestor(self.index.state):
                return None
            self.index = Bm25Index(self._library)
        if locked and self.index.in_memory and self._is_writable:
            self.index = self._load_or_rebuild()
        with self._database.snapshot() as snapshot:
            if self.index.state != snapshot.state:
                self._update(snapshot)
        return None

    def _update(self, snapshot: Snapshot, *, erase: bool = False) -> None:
        on_disk = not self.index.in_memory
        if not snapshot.descends_from(self.index.state):
            self.index = self._rebuild(snapshot, OTHER_HISTORY, on_disk=on_disk)
            return
        try:
            _updated(self.index, snapshot, erase=erase)
        except (OSError, ValueError):  # its files were deleted or changed meanwhile
            self.index = self._rebuild(snapshot, "could not be written to", on_disk=on_disk)


def _updated(index: Bm25Index, snapshot: Snapshot, *, erase: bool = False) -> Bm25Index:
    """Bring the index to the snapshot's state, which has to descend from the index's, and return it."""
    removed, added = snapshot.keys_removed_since(index.state.generation), snapshot.keys_after(index.last)
    index.apply(removed, added, snapshot.indexed_passages, snapshot.state, erase=erase)
    return index
