"""Tables in the library's PostgreSQL database for what the servers over one library share beside the articles.

They are no part of the library: they are not copied with it, and a server makes them when they are missing.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any

from embeddings.errors import LibraryUnreachable
from embeddings.storage.postgres_connection import PostgresConnection
from embeddings.storage.schema import APPLICATION_ID

_TABLES = (
    """CREATE TABLE IF NOT EXISTS server_jobs (
        begun BIGINT GENERATED ALWAYS AS IDENTITY,
        id TEXT PRIMARY KEY,
        job TEXT NOT NULL,                      -- as JSON
        is_finished BOOLEAN NOT NULL,
        is_cancelled BOOLEAN NOT NULL DEFAULT FALSE,
        process INTEGER NOT NULL,               -- of PostgreSQL, which serves the connection of the job's server,
        process_begun TIMESTAMPTZ NOT NULL)     -- and ends with it""",
    """CREATE TABLE IF NOT EXISTS server_clients (
        client TEXT PRIMARY KEY,
        arrival DOUBLE PRECISION NOT NULL)      -- seconds since 1970; see rate_limit.py""",
)
_CREATING = f"{APPLICATION_ID}, hashtext(current_schema() || ' tables')"  # an advisory lock


class ServerTables:
    """The tables, over one connection of this process, made when it is needed. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: PostgresConnection | None = None
        self._lock = Lock()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement, and return its rows if it has any.

        Raises:
            LibraryUnreachable: the server does not answer.
        """
        with self._lock:
            if self._connection:
                try:
                    return _rows(self._connection, sql, values)
                except LibraryUnreachable:  # the server may have been started again since
                    self._close()
            self._connection = self._connect()
            return _rows(self._connection, sql, values)

    def take_turn(self, source: str) -> bool:
        """Take the turn to sync a source from now on, unless another process has it; it ends with the connection.

        Raises:
            LibraryUnreachable: the server does not answer.
        """
        ((is_ours,),) = self.execute(  # true again for the connection that has the lock
            f"SELECT pg_try_advisory_lock({APPLICATION_ID}, hashtext(current_schema() || ' sync ' || ?))", (source,)
        )
        return bool(is_ours)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _connect(self) -> PostgresConnection:
        connection = PostgresConnection(self._url)
        connection.execute("BEGIN")
        connection.execute(f"SELECT pg_advisory_xact_lock({_CREATING})")  # else two could create one table at a time
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("COMMIT")
        return connection

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _rows(connection: PostgresConnection, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    cursor = connection.execute(sql, values)
    return cursor.fetchall() if cursor.description else []
