"""A copy of a whole library in another engine's tables, verified before it is committed."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from embeddings.errors import LibraryError
from embeddings.storage.engine import Engine
from embeddings.storage.schema import TABLES


class TableDigest(NamedTuple):
    """The number of a table's rows, and a checksum of them in any order; ``columns`` are those that it is of."""

    columns: str
    rows: int
    checksum: str

    @classmethod
    def of(cls, columns: str, rows: Iterable[Sequence[Any]]) -> "TableDigest":
        """Return the digest of rows."""
        count = total = 0
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest())
        return cls(columns, count, f"{total % 2**256:x}")


def copy(source: Engine, target: Engine) -> dict[str, TableDigest]:
    """Copy a library into an empty one, which becomes the same library in the same state.

    Returns:
        The digest of each table.

    Raises:
        LibraryError: The target is not empty, or what was read back differs from the source. It stays as it was.
    """
    digests = {}
    with source.snapshot() as old, target.transaction() as new:
        if new.generation != 1 or new.counts() != (0, 0):  # the transaction itself is the first
            raise LibraryError(
                "The library cannot be copied there.",
                expected="a database without articles and without a past",
                got=f"one with {new.counts()[0]} articles, in generation {new.generation - 1}",
                hint="Copy it to an empty folder or database, or put the other library's database elsewhere first.",
            )
        new.rows("DELETE FROM transactions")
        new.rows("UPDATE meta SET library = ?, encoder = ?, generation = ?", old.library, old.encoder, old.generation)
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in old.columns(table))
            select = f"SELECT {columns} FROM {table}"  # noqa: S608  our own names
            if table != "meta":
                new.insert(table, columns, old.rows(select))
            digests[table], expected = (
                TableDigest.of(columns, new.rows(select)),
                TableDigest.of(columns, old.rows(select)),
            )
            if expected != digests[table]:
                raise LibraryError(
                    "The copy differs from the library.",
                    expected=f"{expected.rows} rows of {table} with the checksum {expected.checksum}",
                    got=f"{digests[table].rows} with {digests[table].checksum}",
                    hint="Nothing was copied. `assistant doctor` checks the library.",
                )
        new.continue_keys()
    return digests
