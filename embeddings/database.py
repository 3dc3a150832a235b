"""SQLite: articles, passages and vectors. The only file of a library that must never be lost.

A snapshot reads one state of it, a transaction makes the next: text, passages and vectors of an article together.
"""

import sqlite3
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from embeddings.errors import LibraryBusy, LibraryError, LibraryFull, LibraryMismatch, LibraryUnreadable
from embeddings.lock import writing
from embeddings.migrations import migrate
from embeddings.schema import APPLICATION_ID, STATEMENTS, VERSION
from embeddings.snapshot import Snapshot, Transaction, damaged
from embeddings.wipe import wipe

_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


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
        self._idle: deque[sqlite3.Connection] = deque()
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
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses; as many are kept as were ever used at once."""
        with self._errors():
            idle = self._idle
            try:
                connection = idle.pop()
            except IndexError:
                connection = self._connect()
            try:
                yield connection
            finally:
                if idle is self._idle:
                    idle.append(connection)
                else:
                    connection.close()

    def _reopen(self, *, full: bool) -> None:
        """Use connections of another kind from now on: without room for a log, those that need none."""
        self.close()
        self._full, self._idle = full, deque()

    def _connect(self) -> sqlite3.Connection:
        # Where nothing can be written SQLite cannot make its shared memory either; without a log it needs none.
        log = self._path.with_name(self._path.name + "-wal")
        quiet = not (log.exists() and log.stat().st_size)
        options = ("?mode=ro&immutable=1" if quiet else "?mode=ro") if self._read_only or self._full else ""
        connection = sqlite3.connect(
            self._path.absolute().as_uri() + options, uri=True, isolation_level=None, check_same_thread=False, timeout=5
        )
        # FULL flushes the log at every commit: what was reported as added outlives a power cut, not only a killed
        # process. It costs a millisecond or so an article; encoding one costs a hundred.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # whatever SQLite was built with; wipe.py does the rest
        return connection

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
        with writing(self._path.parent, wait=5):
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
                    raise LibraryBusy(
                        "The library is being written to.",
                        expected="its database to be free within 5 s",
                        got=f"a lock on {self._path}",
                        hint="Try again when the other program is done.",
                    ) from error
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
            raise

    def _unreadable(self, got: str) -> LibraryUnreadable:
        return LibraryUnreadable(
            "The library cannot be read.",
            expected="a library's database",
            got=f"{got}: {self._path}",
            hint="Restore the file from a backup, or use another folder with --library. Nothing was changed.",
        )
