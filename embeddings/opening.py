"""Opening a library's database, or creating one unless there was one that is now missing, and its indexes."""

import json
import os
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.errors import LibraryError, LibraryUnreadable
from embeddings.retrieval.index_files import library_of_indexes
from embeddings.retrieval.indexes import Indexes
from embeddings.retrieval.library_indexes import LibraryIndexes
from embeddings.retrieval.milvus_indexes import MilvusIndexes
from embeddings.retrieval.milvus_server import MilvusAddress
from embeddings.storage.database import Database
from embeddings.storage.engine import Engine
from embeddings.storage.postgres import PostgresDatabase


def open_database(path: Path, encoder: Encoder, *, create: bool, url: str | None = None) -> tuple[Engine, bool]:
    """Open the database of a library: the file in its folder, or what an address names.

    Args:
        path: The library's folder.
        encoder: The encoder for whose vectors a new database is created.
        create: Create the folder and the database if they are missing.
        url: The address of a PostgreSQL database, which is used instead of a file.

    Returns:
        The database, and whether the folder is read-only.
    """
    file = path / "library.db"
    refusal = _lost_database(file, url) or (None if create else _no_library(path))
    try:
        if create or url:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            "The library's folder cannot be made.",
            expected=f"a folder, or a place for one, at {path}",
            got=str(error),
            hint="Name another folder with --library.",
        ) from error
    read_only = not os.access(path, os.W_OK)
    if url:
        return PostgresDatabase(url, fingerprint_json(encoder), refusal=refusal), read_only
    return Database(file, fingerprint_json(encoder), read_only=read_only, refusal=refusal), read_only


def open_indexes(
    path: Path, database: Engine, encoder: Encoder, milvus: MilvusAddress | None, *, read_only: bool
) -> LibraryIndexes:
    """Open the indexes of a library: in its folder, or on a Milvus server. If that fails, the database is closed."""
    fingerprint, dimension = fingerprint_json(encoder), encoder.fingerprint.dimension
    try:
        if milvus:
            return MilvusIndexes(milvus, path, database, fingerprint, dimension, read_only=read_only)
        return Indexes(path, database, fingerprint, dimension, read_only=read_only)
    except BaseException:
        database.close()
        raise


def fingerprint_json(encoder: Encoder) -> str:
    """Return the encoder's fingerprint in the form in which the database stores it."""
    return json.dumps(encoder.fingerprint.model_dump(mode="json"), sort_keys=True)


def _lost_database(file: Path, url: str | None) -> LibraryError | None:
    """Return the error for a database that is missing although other files show that there was one."""
    log = file.with_name(file.name + "-wal")
    library = library_of_indexes(file.parent)
    trace = f"the indexes of library {library}" if library else f"its log, {log.name}" if _size(log) else None
    if trace is None:
        return None
    if url:
        return LibraryUnreadable(
            "The library's database is gone.",
            expected=f"the tables that belong to {trace}",
            got="a database without tables",
            hint="Check the name of the database; restore it from a backup; or, to start over, delete everything in "
            f"{file.parent}. Nothing was changed.",
        )
    return LibraryUnreadable(
        "The library's database is gone.",
        expected=f"the database that was beside {trace}",
        got=f"{'an empty file' if file.exists() else 'no file'}: {file}",
        hint=f"Restore {file.name} from a backup; or, to start over, delete everything in its folder. "
        "Nothing was changed.",
    )


def _no_library(path: Path) -> LibraryError:
    return LibraryError(
        "There is no library here.",
        expected="a folder that `assistant add` made",
        got=f"{'a folder without one' if path.is_dir() else 'nothing'}: {path.absolute()}",
        hint="Check the path for a mistake, or make the library with `assistant add PATH --library DIR`.",
    )


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
