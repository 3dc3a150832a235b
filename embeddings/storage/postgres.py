"""The database of a library in PostgreSQL. The same tables and statements as in SQLite; see ``docs/scaling.md``."""

import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Self

from embeddings.errors import LibraryError, LibraryMismatch, LibraryUnreachable
from embeddings.storage.migrations import FIRST_OF_BOTH, migrate_tables
from embeddings.storage.postgres_connection import PostgresConnection, create_statements
from embeddings.storage.schema import APPLICATION_ID, VERSION
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.transaction import Transaction

_TRANSACTION_WAIT = 5.0  # seconds that a transaction waits for another, as SQLite's does
_KEY = f"{APPLICATION_ID}, hashtext(current_schema())"  # of the advisory lock: one for each library of a server


class PostgresDatabase:
    """A schema of a PostgreSQL database. Any number of threads, processes and machines read it while one writes."""

    what_remains = "nothing of it is left in the indexes; PostgreSQL reuses its rows' space after VACUUM"

    def __init__(self, url: str, encoder: str, *, refusal: LibraryError | None = None) -> None:
        """Connect, and create the tables if there are none.

        Args:
            url: ``postgresql://…``
            encoder: The fingerprint, as JSON, of the encoder for whose vectors new tables are created.
            refusal: The error to raise instead of creating the tables.

        Raises:
            LibraryError: ``refusal``.
            ExtraMissing: psycopg is not installed.
            LibraryUnreachable: The server does not answer.
            LibraryMismatch: Another version of this program made the tables.
        """
        self._url = url
        self._idle: deque[PostgresConnection] = deque()
        try:
            self._prepare(encoder, refusal)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Read one state."""
        with self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            yield Snapshot(connection)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Make the next state, or leave everything as it was if an exception is raised."""
        # READ COMMITTED, because a repeatable state would be that from before the lock was waited for.
        with self._begun("BEGIN ISOLATION LEVEL READ COMMITTED") as connection:
            connection.execute(f"SET LOCAL lock_timeout = {_TRANSACTION_WAIT * 1000:.0f}")
            connection.execute("LOCK TABLE meta IN EXCLUSIVE MODE")
            yield Transaction(connection)
            connection.execute("COMMIT")

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        """Hold the advisory lock of the library's writers. The server releases it when the connection ends.

        Raises:
            LibraryBusy: Another process holds it for longer than ``wait`` seconds.
        """
        with closing(PostgresConnection(self._url)) as connection:
            connection.execute(f"SET lock_timeout = {max(1, wait * 1000):.0f}")
            connection.execute(f"SELECT pg_advisory_lock({_KEY})")
            yield

    def wipe(self, wait: float) -> bool:  # noqa: ARG002
        """Return True: the space of deleted rows is PostgreSQL's own to reuse."""
        return True

    def close(self) -> None:
        """Close the connections. Snapshots must have ended."""
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[PostgresConnection]:
        """Lend a connection in a transaction, which is rolled back unless it was committed."""
        connection = self._begin(begin)
        try:
            yield connection
        finally:
            try:
                if not connection.is_usable:
                    connection.execute("ROLLBACK")
            except LibraryError:
                connection.close()
            else:
                self._idle.append(connection)

    def _begin(self, begin: str) -> PostgresConnection:
        """Begin a transaction; an idle connection that the server has ended meanwhile is replaced."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = PostgresConnection(self._url)
                connection.execute(begin)
                return connection
            try:
                connection.execute(begin)
            except LibraryUnreachable:
                connection.close()
            else:
                return connection

    def _prepare(self, encoder: str, refusal: LibraryError | None) -> None:
        """Create or migrate the tables, unless they are there."""
        with self._begun("BEGIN") as connection:
            version = _version(connection)
        if version is None:
            if refusal is not None:
                raise refusal
            # A transaction that began before the lock was held would not see tables that were created meanwhile.
            with self.writing(_TRANSACTION_WAIT), self._begun("BEGIN") as connection:
                version = _version(connection) or _create(connection, encoder)
        elif FIRST_OF_BOTH <= version < VERSION:
            with self.writing(_TRANSACTION_WAIT), self._begun("BEGIN") as connection:
                version = _migrate(connection, _version(connection))
        if version != VERSION:
            raise LibraryMismatch(
                "The library was made by another version of this program.",
                expected=f"tables of version {VERSION}",
                got=f"version {version}",
                hint="Use that version of this program, or another database. Nothing was changed.",
            )


def _version(connection: PostgresConnection) -> Any:
    """Return the version of the tables, or None if there are none."""
    (table,) = connection.execute("SELECT to_regclass('schema_version')::text").fetchone()
    return connection.execute("SELECT version FROM schema_version").fetchone()[0] if table else None


def _migrate(connection: PostgresConnection, version: int) -> int:
    """Migrate the tables unless another process has done so meanwhile, and return their version."""
    migrate_tables(connection, version)
    connection.execute("UPDATE schema_version SET version = ?", (VERSION,))
    connection.execute("COMMIT")
    return VERSION


def _create(connection: PostgresConnection, encoder: str) -> int:
    for statement in create_statements():
        connection.execute(statement)
    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
    connection.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))
    connection.execute("INSERT INTO meta VALUES (?, ?, 0)", (str(uuid.uuid4()), encoder))
    connection.execute("COMMIT")
    return VERSION
