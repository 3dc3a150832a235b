"""SQLite: articles, passages and vectors. The only file of a library that must never be lost.

A snapshot reads one state of it, a transaction makes the next: text, passages and vectors of an article together.
"""

import sqlite3
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self

from embeddings.errors import LibraryBusy, LibraryError, LibraryFull, LibraryMismatch, LibraryUnreadable
from embeddings.storage.lock import writer_lock
from embeddings.storage.migrations import COPY, migrate, migrated_copy
from embeddings.storage.schema import APPLICATION_ID, STATEMENTS, VERSION
from embeddings.storage.snapshot import Snapshot, Transaction, damaged
from embeddings.storage.wipe import wipe

_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


class _Seen(NamedTuple):
    """A file that was not written to between two looks at it looks the same."""

    inode: int
    size: int
    modified: int


class _Pool(NamedTuple):
    """Connections that nobody uses, and how the file looked when they were made, where that matters."""

    seen: _Seen | None
    idle: deque[sqlite3.Connection]


class Database:
    """The file. Any number of threads and processes read it while one writes; no reader waits for the writer."""

    def __init__(
        self, path: Path, encoder: str, *, read_only: bool = False, refusal: LibraryError | None = None
    ) -> None:
        """Open the file, or make it for vectors of this encoder, a fingerprint as JSON.

        Raises:
            LibraryError: ``refusal``, in place of making the file.
            LibraryUnreadable: the file is no library, or is damaged. It is left as it is.
            LibraryMismatch: a newer version of this program made it.
        """
        self._path = path
        self._read_only = read_only
        self._refusal = refusal
        self._full = False  # there was no room to open it for writing
        self._copy: TemporaryDirectory[str] | None = None
        self._pool = _Pool(self._look(), deque())
        if refusal is not None and not path.exists():  # to connect would make it
            raise refusal
        try:
            try:
                self._prepare(encoder)
            except LibraryFull:
                self._reopen(full=True)
                self._prepare(encoder)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Read one state."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield Snapshot(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Make the next state; an exception leaves everything as it was."""
        was_full = self._full
        if was_full:
            self._reopen(full=False)
        try:
            with self._connection() as connection:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield Transaction(connection)
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        except LibraryFull:
            if was_full:
                self._reopen(full=True)
            raise

    def wipe(self, wait: float) -> bool:
        """Overwrite whatever is left of deleted rows in the file, and empty its log.

        False if within ``wait`` seconds not all who read an earlier state have come to their end, or there is no room.
        """
        return wipe(self._path, wait)

    def close(self) -> None:
        """Close the file. Snapshots must have ended."""
        while self._pool.idle:
            self._pool.idle.pop().close()
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses; as many are kept as were ever used at once."""
        with self._errors():
            if self._look() != self._pool.seen:  # somebody else writes, or has come to an end
                self._reopen(full=self._full)
            pool = self._pool
            try:
                connection = pool.idle.pop()
            except IndexError:
                connection = self._connect(pool.seen)
            try:
                with self._undisturbed(pool.seen):
                    yield connection
            finally:
                if pool is self._pool:
                    pool.idle.append(connection)
                else:
                    connection.close()

    def _reopen(self, *, full: bool) -> None:
        """Use connections of another kind from now on: without room for a log, those that need none."""
        self.close()
        self._full = full
        self._pool = _Pool(self._look(), deque())

    def _look(self) -> _Seen | None:
        """The file as one sees it who writes nothing and has no log that tells of what others write."""
        log = self._path.with_name(self._path.name + "-wal")
        if not (self._read_only or self._full) or (log.exists() and log.stat().st_size):
            return None
        return _seen(self._path)

    @contextmanager
    def _undisturbed(self, seen: _Seen | None) -> Iterator[None]:
        """What was read of a file without a log is not believed if somebody has written to it meanwhile."""
        try:
            yield
        except Exception as error:
            if (self._look() if isinstance(error, sqlite3.Error) else seen and _seen(self._path)) != seen:
                raise self._busy("nobody to write while it is read") from error
            raise
        if seen and _seen(self._path) != seen:
            raise self._busy("nobody to write while it is read")

    def _connect(self, seen: _Seen | None) -> sqlite3.Connection:
        if not (self._read_only or self._full):
            return _connected(self._path)
        # Where nothing can be written SQLite cannot make its shared memory either; without a log it needs none.
        connection = _connected(self._path, "?mode=ro&immutable=1" if seen else "?mode=ro")
        with self._undisturbed(seen):
            version = self._version(connection)
        if not 0 < version < VERSION:
            return connection
        with closing(connection):
            if self._copy is None:
                self._copy = migrated_copy(connection)  # where it is it cannot be migrated
        return _connected(Path(self._copy.name, COPY))

    def _prepare(self, encoder: str) -> None:
        with self._connection() as connection:
            self._make(connection, encoder)

    def _make(self, connection: sqlite3.Connection, encoder: str) -> None:
        version = self._version(connection)
        if version == VERSION:
            return
        if version == 0 and self._refusal is not None:
            raise self._refusal
        # SQLite does not wait when two switch a new file to WAL at once.
        with writer_lock(self._path.parent, wait=5):
            version = self._version(connection)  # another may have been first
            if version == 0:
                connection.execute("PRAGMA auto_vacuum = NONE")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                for statement in STATEMENTS:
                    connection.execute(statement)
                connection.execute("INSERT INTO meta VALUES (?, ?, 0)", (str(uuid.uuid4()), encoder))
                connection.execute("COMMIT")
            elif version < VERSION:
                migrate(connection)

    def _version(self, connection: sqlite3.Connection) -> int:
        """The schema's version; 0 for a file that is new."""
        # One statement, so that all three are of one state: another process may be making the library right now.
        application, version, tables = connection.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
            " FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if application == 0 and version == 0 and tables == 0:
            return 0
        if application != APPLICATION_ID:
            raise self._unreadable("the database of another program")
        if version > VERSION:
            raise LibraryMismatch(
                "The library was made by a newer version of this program.",
                expected=f"a database of version {VERSION}",
                got=f"version {version} in {self._path}",
                hint="Update this program, or use another folder with --library. Nothing was changed.",
            )
        return int(version)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            match getattr(error, "sqlite_errorcode", 0) & 0xFF:
                case sqlite3.SQLITE_NOTADB:
                    raise self._unreadable("a file that is not a database") from error
                case sqlite3.SQLITE_ERROR:  # a table or a column is missing
                    raise damaged(f"{error}: {self._path}") from error
                case sqlite3.SQLITE_CORRUPT:
                    raise self._unreadable(f"a damaged database ({error})") from error
                case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                    raise self._busy("its database to be free within 5 s") from error
                case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR if error.sqlite_errorcode in _NO_ROOM:
                    raise LibraryFull(
                        "There is no room left for the library.",
                        expected=f"to write to the disk of {self._path}",
                        got=str(error),
                        hint="Free some space on that disk. Searching and removing work meanwhile. Nothing was lost.",
                    ) from error
                case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR:
                    raise LibraryError(
                        "The library's database cannot be used.",
                        expected=f"to read and write {self._path}",
                        got=str(error),
                        hint="Check the folder's permissions and its disk. Nothing was lost.",
                    ) from error
                case 0 if isinstance(error, sqlite3.OperationalError):  # a text that is no UTF-8
                    raise damaged(f"{error}: {self._path}") from error
            raise

    def _busy(self, expected: str) -> LibraryBusy:
        return LibraryBusy(
            "The library is being written to.",
            expected=expected,
            got=f"another program at {self._path}",
            hint="Try again when the other program is done.",
        )

    def _unreadable(self, got: str) -> LibraryUnreadable:
        return LibraryUnreadable(
            "The library cannot be read.",
            expected="a library's database",
            got=f"{got}: {self._path}",
            hint="Restore the file from a backup, or use another folder with --library. Nothing was changed.",
        )


def _seen(path: Path) -> _Seen:
    there = path.stat() if path.exists() else None
    return _Seen(there.st_ino, there.st_size, there.st_mtime_ns) if there else _Seen(0, 0, 0)


def _connected(path: Path, options: str = "") -> sqlite3.Connection:
    connection = sqlite3.connect(
        path.absolute().as_uri() + options, uri=True, isolation_level=None, check_same_thread=False, timeout=5
    )
    # FULL flushes the log at every commit: what was reported as added outlives a power cut, not only a killed
    # process. It costs a millisecond or so an article; encoding one costs a hundred.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # whatever SQLite was built with; wipe.py does the rest
    return connection
