"""Both indexes of a library, kept at the state of its database."""

import json
import re
import threading
from contextlib import suppress
from pathlib import Path

from embeddings.cache import Stale, State
from embeddings.database import Database
from embeddings.errors import LibraryBusy, LibraryMismatch
from embeddings.lock import writing
from embeddings.snapshot import Snapshot
from embeddings.vectors import Vectors
from embeddings.words import Words

_NAMED = re.compile(rb'"library": ?"([^"]+)"')  # in a stamp, of whatever version
_ANOTHER_PAST = "was made from another past of the library than the database's"
_WORTH_SAVING = 0.05  # of all vectors: fewer are read from the database sooner than all of them are written again


class Indexes:
    """The vectors are in every process's memory; the words are on disk, and who holds the writer lock writes them.

    Where the words on disk cannot be used and the lock cannot be had, this process keeps its own in memory.
    """

    def __init__(self, folder: Path, database: Database, encoder: str, dimension: int, *, read_only: bool) -> None:
        """Load what can be trusted, make the rest anew, and say so in ``notices``."""
        self.notices: list[str] = []
        self._folder = folder
        self._database = database
        self._encoder = encoder
        self._vectors_path = folder / "vectors.faiss"
        self._words_path = folder / "words"
        self._read_only = read_only
        self._unsaved = 0
        self._catching_up = threading.Lock()
        self._writing_words = threading.Lock()
        with database.snapshot() as now:
            refuse_other_encoder(now, encoder)
            self._library = now.library
        self.vectors = self._load_vectors(dimension)
        self.words = self._load_words()
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

    def save(self, *, locked: bool = False) -> None:
        """Write the vectors to disk if enough of them are new, and nobody else is writing."""
        if self._read_only or self._unsaved <= _WORTH_SAVING * len(self.vectors):
            return
        if not locked:
            with suppress(LibraryBusy), writing(self._folder, wait=0):
                self.save(locked=True)
            return
        self._unsaved = 0
        self.vectors.save(self._vectors_path, self._library, self._encoder)

    def _catch_up_vectors(self, now: Snapshot) -> None:
        if not now.follows(self.vectors.state):
            self.notices.append(f"The vector index was made anew from the database: it {_ANOTHER_PAST}.")
            self.vectors = Vectors(self.vectors.dimension)
        since = self.vectors.state
        if since != now.state:
            removed = now.removed_since(since.generation) if len(self.vectors) else []
            keys, vectors = now.vectors_since(since.generation, self.vectors.dimension)
            self.vectors.apply(removed, keys, vectors, now.state)
            self._unsaved += len(removed) + len(keys)

    def _catch_up_words(self, *, locked: bool) -> None:
        self.words.refresh(self._believed)
        if not locked and not self.words.in_memory:
            if not self._read_only:
                with suppress(LibraryBusy), writing(self._folder, wait=0):
                    return self._catch_up_words(locked=True)
            if self._believed(self.words.state):
                return None
            self.words = Words(self._library)
        with self._database.snapshot() as now:
            since = self.words.state
            if not now.follows(since):
                self.words = self._new_words(now, _ANOTHER_PAST, in_memory=self.words.in_memory)
            elif since != now.state:
                removed = now.removed_since(since.generation) if len(self.words) else []
                try:
                    self.words.apply(removed, now.articles_since(since.generation), now.state)
                except (OSError, ValueError):  # its files went away, or changed, under our hands
                    self.words = self._new_words(now, "could not be written to", in_memory=self.words.in_memory)
        return None

    def _believed(self, state: State) -> bool:
        with self._database.snapshot() as now:
            return now.follows(state)

    def _load_vectors(self, dimension: int) -> Vectors:
        try:
            vectors = Vectors.load(self._vectors_path, self._library, self._encoder, dimension)
            self._check(vectors)
        except Stale as reason:
            with self._database.snapshot() as now:
                if now.generation:
                    self.notices.append(f"The vector index was made anew from the database: it {reason}.")
            return Vectors(dimension)
        return vectors

    def _load_words(self) -> Words:
        with suppress(Stale):
            return self._checked_words()
        if self._read_only:
            return Words(self._library)
        with suppress(LibraryBusy), writing(self._folder, wait=0):
            try:
                return self._checked_words()  # another process may have been at it a moment ago
            except Stale as reason:
                with self._database.snapshot() as now:
                    return self._new_words(now, str(reason))
        return Words(self._library)

    def _new_words(self, now: Snapshot, reason: str, *, in_memory: bool = False) -> Words:
        if now.generation:
            self.notices.append(f"The BM25 index was made anew from the database: it {reason}.")
        words = Words(self._library, None if in_memory else self._words_path)
        words.apply([], now.articles_since(0), now.state)
        return words

    def _checked_words(self) -> Words:
        words = Words.load(self._library, self._words_path)
        self._check(words)
        return words

    def _check(self, index: Vectors | Words) -> None:
        """Raise Stale unless the index holds what this database held once, or holds now."""
        with self._database.snapshot() as now:
            if not now.follows(index.state):
                raise Stale(_ANOTHER_PAST)
            if index.state == now.state and len(index) != now.count():
                raise Stale("did not hold what the database holds")


def library_named(folder: Path) -> str | None:
    """The library that an index in this folder says it was made from, whether or not the index can be used."""
    for path in (folder / "vectors.faiss", folder / "words" / "current.json"):
        if path.is_file():  # nothing else is opened: a pipe would never end
            with suppress(OSError), path.open("rb") as file:
                if named := _NAMED.search(file.read(65_536)):
                    return named[1].decode(errors="replace")
    return None


def refuse_other_encoder(now: Snapshot, encoder: str) -> None:
    """Raise LibraryMismatch unless all of the library's vectors are this encoder's, by its fingerprint as JSON."""
    if now.encoder != encoder:
        ours, theirs = json.loads(encoder), json.loads(now.encoder)
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
