"""Both indexes of a library, kept at the state of its database."""

import json
import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from embeddings.errors import LibraryMismatch
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index import Index
from embeddings.retrieval.index_stamp import GivenUp, StaleIndex, delete, give_up, hold_room, opened
from embeddings.storage.database import Database
from embeddings.storage.lock import if_free
from embeddings.storage.snapshot import Snapshot, damaged
from embeddings.storage.state import State

_NAMED = re.compile(rb'"library\\?": ?\\?"([^"\\]+)')  # in a stamp, of whatever version, or in a text in JSON
_VECTORS, _WORDS = "vectors.faiss", "words"  # in the library's folder
_ANOTHER_PAST = "was made from another past of the library than the database's"
_QUICK = 4 << 20  # bytes of vectors that are written in milliseconds
_SELDOM = 20  # times as long as forgetting takes, it is not tried again beside searches
_WORTH_SAVING = 0.05  # of all vectors: fewer are read from the database sooner than all of them are written again


class Indexes:
    """The vectors are in every process's memory; the words are on disk, and who holds the writer lock writes them.

    Where the words on disk cannot be used and the lock cannot be had, or there is no room for them, this process keeps
    its own in memory. Nothing that happens to a file of an index is more than a notice.
    """

    def __init__(self, folder: Path, database: Database, encoder: str, dimension: int, *, read_only: bool) -> None:
        """Load what can be trusted, make the rest anew, and say so in ``notices``."""
        self.notices: list[str] = []
        self._folder = folder
        self._database = database
        self._encoder = encoder
        self._vectors_path = folder / _VECTORS
        self._words_path = folder / _WORDS
        self._read_only = read_only
        self._room = not read_only  # for the words
        self._unsaved = 0
        self._given_up = False  # the saved vectors held what was removed
        self.to_forget = False  # something that was removed may still be in a file
        self._again = 0.0
        self._catching_up = threading.Lock()
        self._writing_words = threading.Lock()
        with database.snapshot() as now:
            refuse_other_encoder(now, encoder)
            self._library = now.library
        self.vectors = self._load_vectors(dimension)
        self.words = self._load_words()
        self.to_forget = self.words.remembers and not read_only
        self.catch_up()
        self.save()

    def catch_up(self, *, locked: bool = False) -> None:
        """Bring both indexes to the database's state. ``locked``: the caller holds the writer lock.

        Without the lock, words that another thread or process is writing stay where they are.

        Raises:
            LibraryMismatch: another process has begun to embed the library with another encoder.
        """
        with self._catching_up, self._database.snapshot() as now:
            refuse_other_encoder(now, self._encoder)
            self._catch_up_vectors(now)
            if self.words.state == now.state:
                return
        if self._writing_words.acquire(blocking=locked):
            try:
                self._catch_up_words(locked=locked)
            finally:
                self._writing_words.release()

    def save(self, *, last: bool = False, wait: float = 0) -> None:
        """Forget what was removed, and write the vectors to disk if enough of them are new; not while another writes.

        Those that were given up are written at once where that is quick, so that a full disk leaves something to give
        up, else when it is the ``last`` time. ``wait`` is as in :meth:`forget`.
        """
        again = self._given_up and (last or 4 * self.vectors.dimension * len(self.vectors) <= _QUICK)
        worth = again or self._unsaved > _WORTH_SAVING * len(self.vectors)
        if self._read_only or not (worth or self.to_forget):
            return
        with if_free(self._folder) as held:
            if held:
                self.forget(wait)
                if worth and not self.to_forget:
                    self._save_vectors()

    def _save_vectors(self) -> None:
        try:
            self.vectors.save(self._vectors_path, self._library, self._encoder)
            self._unsaved, self._given_up = 0, False
        except OSError as error:
            hold_room(self._vectors_path)
            self._say(f"The vector index could not be written; it is made anew each time: {error}.")

    def settle(self) -> None:
        """Forget what could not be forgotten because somebody read it; seldom, because searches wait for it."""
        if self.to_forget and (started := time.monotonic()) >= self._again:
            self.save()
            ended = time.monotonic()
            self._again = ended + max(1.0, _SELDOM * (ended - started))

    def make_room(self) -> None:
        """Give up what is on disk: it can be made anew, and the database cannot."""
        drop(self._folder)
        self._given_up = True

    def check(self) -> list[tuple[str, bool, str]]:
        """Hold both indexes against the database, each at a moment at which neither changes."""
        with self._catching_up, self._database.snapshot() as now:
            self._catch_up_vectors(now)
            rows = [("vector index", *_compared(self.vectors, now, now.keys_after(0)))]
        with self._writing_words, if_free(self._folder) as held:
            self._catch_up_words(locked=held and not self._read_only)
            with self._database.snapshot() as now:
                ok, found = _compared(self.words, now, now.keys_after(0))
                if not held and not self._read_only and now.follows(self.words.state) and self.words.state != now.state:
                    ok, found = True, found + ", which a writer is bringing there"
        return [*rows, ("BM25 index", ok, found)]

    @property
    def forgotten(self) -> bool:
        """Whether nothing of what was removed is in any file."""
        return not self.to_forget and not self.words.remembers

    def forget(self, wait: float) -> None:
        """Have nothing of what was removed stay in any file. The caller holds the writer lock, and has caught up.

        That takes up to ``wait`` seconds for those who read what was there before to come to their end. The vectors are
        saved after it: as long as they are missing, or older, there is something to forget.
        """
        if not self.to_forget:
            return
        saved = DenseIndex.saved(self._vectors_path)
        with self._database.snapshot() as now:
            another_did = saved is not None and now.follows(saved) and not now.removed_since(saved.generation)
        if not another_did:
            give_up(self._vectors_path)
            self._given_up = True
            with self._writing_words:
                self.words.refresh(self._believed)
                with self._database.snapshot() as now:
                    self._bring_words(now, forget=True)
        self.to_forget = not (another_did or self._database.wipe(wait))

    def _catch_up_vectors(self, now: Snapshot) -> None:
        if not now.follows(self.vectors.state):
            self._say(f"The vector index was made anew from the database: it {_ANOTHER_PAST}.")
            self.vectors = DenseIndex(self.vectors.dimension)
        since = self.vectors.state
        if since != now.state:
            removed = now.removed_since(since.generation)
            keys, vectors = now.vectors_since(since.generation, self.vectors.dimension)
            self.vectors.apply(removed, keys, vectors, now.state)
            self._unsaved += len(removed) + len(keys)
            self.to_forget |= bool(removed) and not self._read_only

    def _catch_up_words(self, *, locked: bool) -> None:
        self.words.refresh(self._believed)
        if not locked and not self.words.in_memory:
            if not self._read_only:
                with if_free(self._folder) as held:
                    if held:
                        return self._catch_up_words(locked=True)
            if self._believed(self.words.state):
                return None
            self.words = Bm25Index(self._library)
        if locked and self.words.in_memory and self._room:
            self.words = self._words_on_disk()
        with self._database.snapshot() as now:
            if self.words.state != now.state:
                self._bring_words(now)
        return None

    def _bring_words(self, now: Snapshot, *, forget: bool = False) -> None:
        on_disk = not self.words.in_memory
        if not now.follows(self.words.state):
            self.words = self._new_words(now, _ANOTHER_PAST, on_disk=on_disk)
            return
        try:
            _bring(self.words, now, forget=forget)
        except (OSError, ValueError):  # its files went away, or changed, under our hands
            self.words = self._new_words(now, "could not be written to", on_disk=on_disk)

    def _believed(self, state: State) -> bool:
        with self._database.snapshot() as now:
            return now.follows(state)

    def _load_vectors(self, dimension: int) -> DenseIndex:
        try:
            vectors = DenseIndex.load(self._vectors_path, self._library, self._encoder, dimension)
            self._check(vectors)
        except StaleIndex as reason:
            with self._database.snapshot() as now:
                if now.generation and not isinstance(reason, GivenUp):
                    self._say(f"The vector index was made anew from the database: it {reason}.")
            return DenseIndex(dimension)
        return vectors

    def _load_words(self) -> Bm25Index:
        with suppress(StaleIndex):
            return self._checked_words()
        if self._room:
            with if_free(self._folder) as held:
                if held:
                    return self._words_on_disk()
        return Bm25Index(self._library)

    def _words_on_disk(self) -> Bm25Index:
        """Those that are there, or new ones. The caller holds the lock."""
        try:
            return self._checked_words()  # another process may have been at it a moment ago
        except StaleIndex as reason:
            with self._database.snapshot() as now:
                return self._new_words(now, str(reason), on_disk=True)

    def _new_words(self, now: Snapshot, reason: str, *, on_disk: bool) -> Bm25Index:
        if now.generation:
            self._say(f"The BM25 index was made anew from the database: it {reason}.")
        try:
            return _bring(Bm25Index(self._library, self._words_path if on_disk else None), now)
        except (OSError, ValueError) as error:
            if not on_disk:
                raise
            self._room = False
            delete(self._words_path)  # what cannot be brought up to date would keep what was removed
            self._say(f"The BM25 index could not be written; it is made anew each time: {error}.")
            return _bring(Bm25Index(self._library), now)

    def _checked_words(self) -> Bm25Index:
        words = Bm25Index.load(self._library, self._words_path)
        self._check(words)
        return words

    def _check(self, index: Index[Any, Any]) -> None:
        """Raise Stale unless the index holds what this database held once, or holds now."""
        with self._database.snapshot() as now:
            if not now.follows(index.state):
                raise StaleIndex(_ANOTHER_PAST)
            if index.state == now.state and len(index) != now.count():
                raise StaleIndex("did not hold what the database holds")

    def _say(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)


def _compared(index: Index[Any, Any], now: Snapshot, keys: list[int]) -> tuple[bool, str]:
    """Whether an index holds what the database holds, and what it holds."""
    found = f"{len(index)} passages at generation {index.state.generation} of {now.generation}"
    if index.state != now.state:
        return False, found
    held = sorted(index.keys())
    return held == keys, found + ("" if held == keys else ", and others than the database's")


def _bring(words: Bm25Index, now: Snapshot, *, forget: bool = False) -> Bm25Index:
    """The words, once they hold this state, which came about from theirs."""
    removed, added = now.removed_since(words.state.generation), now.keys_after(words.last)
    words.apply(removed, added, now.indexed, now.state, forget=forget)
    return words


def drop(folder: Path) -> None:
    """Delete the indexes of the library in a folder; they are made anew when it is opened."""
    for name in (_VECTORS, _WORDS):
        delete(folder / name)


def library_named(folder: Path) -> str | None:
    """The library that an index in this folder says it was made from, whether or not the index can be used."""
    for path in (folder / _VECTORS, folder / _WORDS / "meta.json"):
        with suppress(StaleIndex), opened(path) as file:
            if named := _NAMED.search(file.read(65_536)):
                return named[1].decode(errors="replace")
    return None


def refuse_other_encoder(now: Snapshot, encoder: str) -> None:
    """Raise LibraryMismatch unless all of the library's vectors are this encoder's, by its fingerprint as JSON."""
    if now.encoder != encoder:
        try:
            ours, theirs = json.loads(encoder), dict(json.loads(now.encoder))
        except (ValueError, TypeError):
            raise damaged("the table meta names no encoder") from None
        differs = [name for name in ours if ours[name] != theirs.get(name)]
        raise LibraryMismatch(
            f"The library was made with another encoder: {theirs.get('model')}, not {ours['model']}.",
            expected=", ".join(f"{name} {theirs.get(name)!r}" for name in differs),
            got=", ".join(f"{name} {ours[name]!r}" for name in differs),
            hint="Use the encoder that made it, or embed it again with this one: assistant reembed --library DIR",
        )
    if pending := len(now.pending()):
        raise LibraryMismatch(
            "Embedding the library again was not finished.",
            expected="every article's vectors made by one encoder",
            got=f"{pending} articles that still wait for {json.loads(encoder)['model']}",
            hint="Go on where it stopped: assistant reembed --library DIR",
        )
