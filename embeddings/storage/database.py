"""The database of a library (SQLite): articles, passages and vectors. The only file that must never be lost.

A snapshot reads one state; a transaction makes the next, with the text, passages and vectors of an article together.
"""

import sqlite3
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self

from embeddings.errors import LibraryError, LibraryFull, LibraryMismatch
from embeddings.storage.database_errors import busy, library_errors, unreadable
from embeddings.storage.lock import writer_lock
from embeddings.storage.migrations import COPY_NAME, migrate, migrated_copy
from embeddings.storage.schema import APPLICATION_ID, STATEMENTS, VERSION
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.transaction import Transaction
from embeddings.storage.wipe import wipe


class _FileStamp(NamedTuple):
    """What changes when a file is written to."""

    inode: int
    size: int
    modified: int


class _Pool(NamedTuple):
    """Idle connections, and the file's stamp when they were made, or None where SQLite notices changes itself."""

    stamp: _FileStamp | None
    idle: deque[sqlite3.Connection]


class Database:
    """The database's file. Any number of threads and processes read it while one writes; readers never wait.

    Where nothing can be written, because the folder is read-only or the disk is full, SQLite cannot create its shared
    memory, without which it cannot see what other processes write. Such a file is read as immutable while it has no
    write-ahead log, and reading fails if the file's stamp changes meanwhile.
    """

    what_remains = "nothing of it is left"

    def __init__(
        self, path: Path, encoder: str, *, read_only: bool = False, refusal: LibraryError | None = None
    ) -> None:
        """Open the file, or create it.

        Args:
            path: The file.
            encoder: The fingerprint, as JSON, of the encoder for whose vectors a new file is created.
            read_only: Nothing can be written in the folder.
            refusal: The error to raise instead of creating the file.

        Raises:
            LibraryError: ``refusal``.
            LibraryUnreadable: The file is not a library, or is damaged. It is left as it is.
            LibraryMismatch: A newer version of this program made it.
        """
        self._path = path
        self._read_only = read_only
        self._refusal = refusal
        self._disk_full = False  # when the file was last opened for writing
        self._copy: TemporaryDirectory[str] | None = None
        self._pool = _Pool(self._stamp(), deque())
        if refusal is not None and not path.exists():  # connecting would create it
            raise refusal
        try:
            try:
                self._prepare(encoder)
            except LibraryFull:
                self._reopen(disk_full=True)
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
        """Make the next state, or leave everything as it was if an exception is raised."""
        was_full = self._disk_full
        if was_full:
            self._reopen(disk_full=False)
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
                self._reopen(disk_full=True)
            raise

    def writing(self, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002
        """Return a context that holds nothing: the lock in the folder excludes all writers."""
        return nullcontext()

    def wipe(self, wait: float) -> bool:
        """Overwrite what remains of deleted rows in the file, and empty its write-ahead log.

        Args:
            wait: How many seconds to wait for readers of an earlier state.

        Returns:
            False if they took longer, or the disk is full.
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
        """Lend a connection to one caller at a time. As many are kept as were ever in use at once."""
        with library_errors(self._path):
            if self._stamp() != self._pool.stamp:  # another process began or finished writing
                self._reopen(disk_full=self._disk_full)
            pool = self._pool
            try:
                connection = pool.idle.pop()
            except IndexError:
                connection = self._connect(pool.stamp)
            try:
                with self._unchanged(pool.stamp):
                    yield connection
            finally:
                if pool is self._pool:
                    pool.idle.append(connection)
                else:
                    connection.close()

    def _reopen(self, *, disk_full: bool) -> None:
        """Replace all connections, by ones that need no room on the disk if it is full."""
        self.close()
        self._disk_full = disk_full
        self._pool = _Pool(self._stamp(), deque())

    def _stamp(self) -> _FileStamp | None:
        """Return the stamp by which changes of the file are noticed, or None where SQLite notices them."""
        log = self._path.with_name(self._path.name + "-wal")
        if not (self._read_only or self._disk_full) or (log.exists() and log.stat().st_size):
            return None
        return _file_stamp(self._path)

    @contextmanager
    def _unchanged(self, stamp: _FileStamp | None) -> Iterator[None]:
        """Raise LibraryBusy if the file changed while it was read as immutable."""
        try:
            yield
        except Exception as error:
            if (self._stamp() if isinstance(error, sqlite3.Error) else stamp and _file_stamp(self._path)) != stamp:
                raise busy(self._path, "nobody to write while it is read") from error
            raise
        if stamp and _file_stamp(self._path) != stamp:
            raise busy(self._path, "nobody to write while it is read")

    def _connect(self, stamp: _FileStamp | None) -> sqlite3.Connection:
        if not (self._read_only or self._disk_full):
            return _connect(self._path)
        connection = _connect(self._path, "?mode=ro&immutable=1" if stamp else "?mode=ro")
        with self._unchanged(stamp):
            version = self._version(connection)
        if not 0 < version < VERSION:
            return connection
        with closing(connection):
            if self._copy is None:
                self._copy = migrated_copy(connection)  # because it cannot be migrated in place
        return _connect(Path(self._copy.name, COPY_NAME))

    def _prepare(self, encoder: str) -> None:
        """Create the tables of a new file, or migrate them."""
        with self._connection() as connection:
            version = self._version(connection)
            if version == VERSION:
                return
            if version == 0 and self._refusal is not None:
                raise self._refusal
            # SQLite does not wait when two connections switch a new file to WAL at the same time.
            with writer_lock(self._path.parent, wait=5):
                version = self._version(connection)  # another process may have been first
                if version == 0:
                    _create(connection, encoder)
                elif version < VERSION:
                    migrate(connection)

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the schema's version, or 0 for a new file."""
        # One statement reads all three from one state, because another process may be creating the library.
        application, version, tables = connection.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
            " FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if application == 0 and version == 0 and tables == 0:
            return 0
        if application != APPLICATION_ID:
            raise unreadable(self._path, "the database of another program")
        if version > VERSION:
            raise LibraryMismatch(
                "The library was made by a newer version of this program.",
                expected=f"a database of version {VERSION}",
                got=f"version {version} in {self._path}",
                hint="Update this program, or use another folder with --library. Nothing was changed.",
            )
        return int(version)


def _create(connection: sqlite3.Connection, encoder: str) -> None:
    connection.execute("PRAGMA auto_vacuum = NONE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES (?, ?, 0)", (str(uuid.uuid4()), encoder))
    connection.execute("COMMIT")


def _file_stamp(path: Path) -> _FileStamp:
    stat = path.stat() if path.exists() else None
    return _FileStamp(stat.st_ino, stat.st_size, stat.st_mtime_ns) if stat else _FileStamp(0, 0, 0)


def _connect(path: Path, options: str = "") -> sqlite3.Connection:
    connection = sqlite3.connect(
        path.absolute().as_uri() + options, uri=True, isolation_level=None, check_same_thread=False, timeout=5
    )
    # FULL flushes the log at every commit, so that an article that was reported as added survives a power cut and not
    # only a killed process. It costs about a millisecond for an article; encoding one takes a hundred.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # whatever SQLite was compiled with; see wipe.py for the rest
    return connection
