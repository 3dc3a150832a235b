"""Both indexes of a library in one collection of a Milvus server, kept at the state of its database."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import IndexUnavailable, LibraryBusy
from embeddings.retrieval.index import compare, validate
from embeddings.retrieval.index_files import delete_indexes
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.retrieval.library_indexes import LibraryIndexes
from embeddings.retrieval.milvus_collection import MilvusCollection
from embeddings.retrieval.milvus_index import MilvusBm25Index, MilvusDenseIndex
from embeddings.retrieval.milvus_server import MilvusAddress
from embeddings.storage.encoder_check import refuse_other_encoder
from embeddings.storage.engine import Engine
from embeddings.storage.lock import try_writer_lock
from embeddings.storage.snapshot import Snapshot
from embeddings.text.passage import IndexedPassage

_WORTH_BUILDING = 0.05  # of all passages, after which milvus-lite's files are joined


class MilvusIndexes(LibraryIndexes):
    """A collection that is written by the holder of the library's writer lock and searched by everyone.

    Removed passages are not found any more at once. milvus-lite erases them by building the collection again; a server
    is asked to compact it. The indexes that FAISS and tantivy may have left in the folder are deleted.
    """

    def __init__(
        self, address: MilvusAddress, folder: Path, database: Engine, encoder: str, dimension: int, *, read_only: bool
    ) -> None:
        """Connect, and bring the collection to the database's state; build it if it is not valid, with a notice.

        Args:
            address: The server.
            folder: The library's folder.
            database: Its database.
            encoder: The encoder's fingerprint, as JSON.
            dimension: The number of components of a vector.
            read_only: Nothing can be written in the folder.

        Raises:
            ExtraMissing: The extra ``milvus`` is not installed.
            IndexUnavailable: The server does not answer.
        """
        super().__init__()
        self._folder = folder
        self._database = database
        self._encoder = encoder
        self._read_only = read_only
        self._scattered = 0  # passages of milvus-lite outside its first file, which have statistics of their own
        self._compacted = 0  # the generation up to which the server was asked to erase removed passages
        self._lock = threading.Lock()
        with database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, encoder)
            library = snapshot.library
        self._collection = MilvusCollection(address, library, encoder, dimension)
        self._dense, self._bm25 = MilvusDenseIndex(self._collection), MilvusBm25Index(self._collection)
        try:
            self.catch_up()
            self.save()
        except BaseException:
            self._collection.close()
            raise

    @property
    def dense(self) -> MilvusDenseIndex:
        """The dense index."""
        return self._dense

    @property
    def bm25(self) -> MilvusBm25Index:
        """The BM25 index."""
        return self._bm25

    def catch_up(self, *, locked: bool = False) -> None:
        """Bring the collection to the database's state, as :meth:`LibraryIndexes.catch_up` says."""
        with self._database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, self._encoder)
            if self._collection.state == snapshot.state and not locked:  # who writes wants to know that it is there
                return
        if self._lock.acquire(blocking=locked):
            try:
                self._catch_up(locked=locked)
            finally:
                self._lock.release()

    def save(self, *, final: bool = False, wait: float = 0) -> None:  # noqa: ARG002  the server saves
        """Erase removed passages, and join milvus-lite's files, unless another writer is at work."""
        is_scattered = self._collection.is_lite and self._scattered > 0
        to_build = is_scattered and self._scattered > _WORTH_BUILDING * len(self._collection)
        if self._read_only or not (to_build or self.erase_pending):
            return
        with self._try_writing() as locked:
            if locked:
                self.catch_up(locked=True)
                if to_build:
                    with self._lock, self._database.snapshot() as snapshot:
                        self._build(snapshot)
                self.erase_removed(wait)

    def erase_removed(self, wait: float) -> None:
        """Erase removed passages from all files, as :meth:`LibraryIndexes.erase_removed` says."""
        if not self.erase_pending:
            return
        self.free_space()
        with self._lock, self._database.snapshot() as snapshot:
            generation = snapshot.generation
            if snapshot.keys_removed_since(self._compacted):
                if self._collection.is_lite:
                    self._build(snapshot)
                else:
                    self._collection.compact()
                self._compacted = generation
        if self._database.wipe(wait):
            self._collection.mark_erased(generation)
            self.erase_pending = False

    def free_space(self) -> None:
        """Delete the indexes that FAISS and tantivy may have left in the library's folder."""
        delete_indexes(self._folder)

    def check(self) -> list[tuple[str, bool, str]]:
        """Compare the collection with the database."""
        self.catch_up()
        with self._database.snapshot() as snapshot:
            return [("Milvus collection", *compare(self._dense, snapshot))]

    @property
    def is_erased(self) -> bool:
        """True if nothing is left of removed passages, or a server was asked to erase it."""
        return not self.erase_pending

    def ping(self) -> None:
        """Raise IndexUnavailable unless the server answers."""
        self._collection.ping()

    def close(self, wait: float) -> None:
        """Erase removed passages, and disconnect."""
        with closing(self._collection), suppress(IndexUnavailable):  # then it is erased the next time
            self.save(wait=wait)

    @contextmanager
    def _try_writing(self) -> Iterator[bool]:
        """Be the only writer, whichever folder the others have, if that is possible at once; yield whether it is."""
        with ExitStack() as stack:
            locked = stack.enter_context(try_writer_lock(self._folder))
            try:
                stack.enter_context(self._database.writing(0) if locked else nullcontext())
            except LibraryBusy:
                locked = False
            yield locked

    def _catch_up(self, *, locked: bool) -> None:
        with self._database.snapshot() as snapshot:
            fault = self._fault(snapshot)
            if locked:
                self._update(snapshot, fault)
            self.erase_pending = not self._read_only and bool(snapshot.keys_removed_since(self._collection.erased))
            if not fault and self._collection.state == snapshot.state:
                return None
        if not locked and not self._read_only:
            with self._try_writing() as now_locked:
                if now_locked:
                    return self._catch_up(locked=True)
        if self._collection.state is None:
            hint = "Try again in a while; if no other process is at work, open the library where it can be written."
            raise IndexUnavailable("the library's collection", f"one that {fault}", hint)
        return None

    def _fault(self, snapshot: Snapshot) -> str | None:
        """Read what the collection's state is, and return why it is not valid, or None if it is.

        If it only has another number of passages, another process may be at work, and it can be searched.
        """
        try:
            self._collection.load()
            validate(self._dense, snapshot)
        except StaleIndex as reason:
            if not snapshot.descends_from(self._dense.state):
                self._collection.state = None
            return str(reason)
        return None

    def _update(self, snapshot: Snapshot, fault: str | None) -> None:
        """Bring the collection to the snapshot's state. The caller holds the writer lock."""
        if fault:
            if snapshot.generation:
                self._notify(f"The Milvus collection was rebuilt from the database: it {fault}.")
            self._build(snapshot)
        elif self._collection.state != snapshot.state:
            since = self._dense.state.generation
            removed = snapshot.keys_removed_since(since)
            self._scattered += self._collection.apply(removed, self._rows(snapshot, since), snapshot.state)

    def _build(self, snapshot: Snapshot) -> None:
        self._collection.build(self._rows(snapshot, 0), snapshot.state)
        self._compacted, self._scattered = snapshot.generation, 0

    def _rows(self, snapshot: Snapshot, since: int) -> Iterator[tuple[IndexedPassage, NDArray[np.float32]]]:
        """Yield the passages that were added after a generation, with their vectors."""
        keys = snapshot.keys_added_since(since)
        vectors = snapshot.vectors_of(keys, self._collection.dimension)
        position = {key: i for i, key in enumerate(keys.tolist())}
        for passage in snapshot.indexed_passages(int(keys[0]), int(keys[-1])) if len(keys) else ():
            if passage.key in position:
                yield passage, vectors[position[passage.key]]
