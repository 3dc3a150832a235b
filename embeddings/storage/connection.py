"""What a snapshot needs of a connection. SQLite's own has it; that to PostgreSQL is in ``postgres_connection.py``."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class SqlConnection(Protocol):
    """Executes statements in the part of SQL that both engines read, with SQLite's placeholders."""

    def execute(self, sql: str, values: Sequence[Any], /) -> Any:
        """Execute a statement; what is returned has its rows."""

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> Any:
        """Execute a statement once for each of the values."""
