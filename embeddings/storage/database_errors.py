"""SQLite's exceptions and invalid rows as errors of the library."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from embeddings.errors import LibraryBusy, LibraryError, LibraryFull, LibraryUnreadable

_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}


@contextmanager
def library_errors(path: Path) -> Iterator[None]:
    """Raise SQLite's exceptions inside this context as the :class:`LibraryError` that they stand for.

    Args:
        path: The database's file.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_NOTADB:
                raise unreadable(path, "a file that is not a database") from error
            case sqlite3.SQLITE_ERROR:  # a table or a column is missing
                raise damaged(f"{error}: {path}") from error
            case sqlite3.SQLITE_CORRUPT:
                raise unreadable(path, f"a damaged database ({error})") from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise busy(path, "its database to be free within 5 s") from error
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR if error.sqlite_errorcode in _NO_ROOM:
                raise LibraryFull(
                    "There is no room left for the library.",
                    expected=f"to write to the disk of {path}",
                    got=str(error),
                    hint="Free some space on that disk. Searching and removing work meanwhile. Nothing was lost.",
                ) from error
            case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR:
                raise LibraryError(
                    "The library's database cannot be used.",
                    expected=f"to read and write {path}",
                    got=str(error),
                    hint="Check the folder's permissions and its disk. Nothing was lost.",
                ) from error
            case 0 if isinstance(error, sqlite3.OperationalError):  # a text that is not UTF-8
                raise damaged(f"{error}: {path}") from error
        raise


@contextmanager
def damage_in(row: str) -> Iterator[None]:
    """Raise the exceptions of converting an invalid row inside this context as :class:`LibraryUnreadable`.

    Args:
        row: What the row holds, for the message.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise damaged(f"{row}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (ValueError, TypeError, sqlite3.OperationalError) as error:  # invalid JSON, bytes or UTF-8
        raise damaged(f"{row}: {error}") from error


def damaged(got: str) -> LibraryUnreadable:
    """Return the error for a row that this program did not write."""
    return LibraryUnreadable(
        "The library's database is damaged.",
        expected="rows as this program writes them",
        got=got,
        hint="`assistant doctor` names every fault, and `assistant doctor --repair` mends what is derived.",
    )


def vector_fault(stored: object, dimension: int) -> str | None:
    """Return what is wrong with a stored vector's size, or None."""
    if isinstance(stored, bytes) and len(stored) == 4 * dimension:
        return None
    size = f"{len(stored)} bytes" if isinstance(stored, bytes) else "no bytes"
    return f"its vector has {size}, not {4 * dimension}"


def busy(path: Path, expected: str) -> LibraryBusy:
    """Return the error for a database to which another program is writing."""
    return LibraryBusy(
        "The library is being written to.",
        expected=expected,
        got=f"another program at {path}",
        hint="Try again when the other program is done.",
    )


def unreadable(path: Path, got: str) -> LibraryUnreadable:
    """Return the error for a file that is not a library's database or is damaged."""
    return LibraryUnreadable(
        "The library cannot be read.",
        expected="a library's database",
        got=f"{got}: {path}",
        hint="Restore the file from a backup, or use another folder with --library. Nothing was changed.",
    )
