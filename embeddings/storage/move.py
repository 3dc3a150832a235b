"""A copy of a whole library in another engine's tables, verified before it is committed."""

import hashlib

from embeddings.errors import LibraryError
from embeddings.storage.engine import Engine
from embeddings.storage.schema import TABLES
from embeddings.storage.snapshot import Snapshot


def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Copy a library into an empty one, which becomes the same library in the same state.

    Returns:
        The number of rows of each table.

    Raises:
        LibraryError: The target is not empty, or what was read back differs from the source. It stays as it was.
    """
    counts = {}
    with source.snapshot() as old, target.transaction() as new:
        if new.generation != 1 or new.counts() != (0, 0):  # the transaction itself is the first
            raise LibraryError(
                "The library cannot be moved there.",
                expected="a database without articles and without a past",
                got=f"one with {new.counts()[0]} articles, in generation {new.generation - 1}",
                hint="Move it to an empty database, or put the other library's database elsewhere first.",
            )
        new.rows("DELETE FROM transactions")
        new.rows("UPDATE meta SET library = ?, encoder = ?, generation = ?", old.library, old.encoder, old.generation)
        for table in [name for name in TABLES if name != "meta"]:
            columns = ", ".join(f'"{name}"' for name in old.columns(table))
            new.insert(table, columns, old.rows(f"SELECT {columns} FROM {table}"))  # noqa: S608  our own names
            expected, got = _digest(old, table, columns), _digest(new, table, columns)
            if expected != got:
                raise LibraryError(
                    "The copy differs from the library.",
                    expected=f"{expected[0]} rows of {table} with the checksum {expected[1]:x}",
                    got=f"{got[0]} with {got[1]:x}",
                    hint="Nothing was moved. `assistant doctor` checks the library.",
                )
            counts[table] = got[0]
        new.continue_keys()
    return counts


def _digest(snapshot: Snapshot, table: str, columns: str) -> tuple[int, int]:
    """Return the number of a table's rows, and a checksum of them in any order."""
    count = total = 0
    for row in snapshot.rows(f"SELECT {columns} FROM {table}"):  # noqa: S608  our own names
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest())
    return count, total % 2**256
