"""Exports: a whole library as one SQLite file, with the digest of each table."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from embeddings.errors import LibraryError, LibraryMismatch, LibraryUnreadable
from embeddings.storage.database import Database
from embeddings.storage.database_errors import library_errors
from embeddings.storage.encoder_check import refuse_other_encoder
from embeddings.storage.engine import Engine
from embeddings.storage.faults import find_faults
from embeddings.storage.move import TableDigest, copy

_DIGESTS = "CREATE TABLE exported (name TEXT PRIMARY KEY, columns TEXT NOT NULL, rows INTEGER, checksum TEXT)"
_NO_EXPORT = "The file is not the export of a library."


def write_export(source: Engine, file: Path, encoder: str) -> dict[str, int]:
    """Write one state of a library to a new file, which appears when it is complete; others may write meanwhile.

    Returns:
        The number of rows of each table.

    Raises:
        LibraryError: There is a file already, or it cannot be written.
    """
    try:
        if file.exists():
            raise _cannot_write(file, "a file that is there already")
        with TemporaryDirectory(prefix=".export-", dir=file.parent) as folder:  # on the same disk
            unfinished = Path(folder, "library.db")
            with Database(unfinished, encoder) as target:
                digests = copy(source, target)
            with library_errors(unfinished), closing(sqlite3.connect(unfinished)) as connection, connection:
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute(_DIGESTS)
                rows = ((name, *digest) for name, digest in digests.items())
                connection.executemany("INSERT INTO exported VALUES (?, ?, ?, ?)", rows)
            unfinished.rename(file)
    except OSError as error:
        raise _cannot_write(file, str(error)) from error
    return {name: digest.rows for name, digest in digests.items()}


@contextmanager
def opened_export(file: Path, encoder: str, dimension: int) -> Iterator[Database]:
    """Open the database in an export, after everything in it was checked.

    Args:
        file: The file. It is not changed.
        encoder: The fingerprint, as JSON, of the encoder that has to have made its vectors.
        dimension: The number of components of a vector.

    Raises:
        LibraryUnreadable: The file is not an export, or is damaged.
        LibraryMismatch: Another encoder, or a newer version of this program, made it.
    """
    missing = _unreadable(_NO_EXPORT, "an empty file" if file.exists() else f"nothing at {file}")
    try:
        database = Database(file, encoder, read_only=True, refusal=missing)
    except LibraryMismatch:
        raise
    except LibraryError as error:
        raise _unreadable(_NO_EXPORT, error.got) from error
    with database:
        _check_digests(file)
        with database.snapshot() as snapshot:
            refuse_other_encoder(snapshot, encoder, "Name the encoder that made it in ASSISTANT_ENCODER.")
            if faults := [fault.description for fault in islice(find_faults(snapshot, dimension), 3)]:
                raise _unreadable("The export is damaged.", "; ".join(faults))
        yield database


def _check_digests(file: Path) -> None:
    """Compare every table with its digest, in the version of the schema in which they were written."""
    uri = file.absolute().as_uri() + "?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if "exported" not in tables:
                raise _unreadable(_NO_EXPORT, "a library's database without checksums")
            for name, *stored in connection.execute("SELECT * FROM exported").fetchall():
                columns = str(stored[0])
                known = {
                    f'"{column}"' for _, column, *_ in connection.execute("SELECT * FROM pragma_table_info(?)", [name])
                }
                if name not in tables or not known.issuperset(columns.split(", ")):
                    raise _unreadable(
                        "The export is damaged.", f"checksums of the table {name!r}, which it does not have"
                    )
                select = f"SELECT {columns} FROM {name}"  # noqa: S608  both were found in the schema
                if tuple(stored) != TableDigest.of(columns, connection.execute(select)):
                    raise _unreadable("The export is damaged.", f"other rows in its table {name!r}")
    except sqlite3.Error as error:
        raise _unreadable("The export is damaged.", str(error)) from error


def _unreadable(message: str, got: str) -> LibraryUnreadable:
    return LibraryUnreadable(
        message,
        expected="a file that `assistant export` wrote, with rows that fit their checksums",
        got=got,
        hint="Export the library again, or copy the file again from where it was written. Nothing was changed.",
    )


def _cannot_write(file: Path, got: str) -> LibraryError:
    return LibraryError(
        "The library cannot be exported there.",
        expected=f"a place for a new file at {file}",
        got=got,
        hint="Name another file; nothing was written.",
    )
