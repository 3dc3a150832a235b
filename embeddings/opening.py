"""Finds or makes the database of a library in a folder; one that was lost is not made anew."""

import json
import os
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.errors import LibraryError, LibraryUnreadable
from embeddings.retrieval.indexes import library_named
from embeddings.storage.database import Database


def open_database(path: Path, encoder: Encoder, *, create: bool) -> tuple[Database, bool]:
    """The database in a folder, and whether nothing can be written there."""
    file = path / "library.db"
    refusal = _went_away(file) or (None if create else _none_there(path))
    try:
        if create:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            "The library's folder cannot be made.",
            expected=f"a folder, or a place for one, at {path}",
            got=str(error),
            hint="Name another folder with --library.",
        ) from error
    read_only = not os.access(path, os.W_OK)
    return Database(file, fingerprint(encoder), read_only=read_only, refusal=refusal), read_only


def _went_away(file: Path) -> LibraryError | None:
    """What to say in place of making a database, where something that is left of one tells that it was there."""
    log = file.with_name(file.name + "-wal")
    named = library_named(file.parent)
    left = f"the indexes of library {named}" if named else f"its log, {log.name}" if _size(log) else None
    if left is None:
        return None
    return LibraryUnreadable(
        "The library's database is gone.",
        expected=f"the database that was beside {left}",
        got=f"{'an empty file' if file.exists() else 'no file'}: {file}",
        hint=f"Restore {file.name} from a backup; or, to begin anew, delete all that is in its folder. "
        "Nothing was changed.",
    )


def _none_there(path: Path) -> LibraryError:
    return LibraryError(
        "There is no library here.",
        expected="a folder that `assistant add` made",
        got=f"{'a folder without one' if path.is_dir() else 'nothing'}: {path.absolute()}",
        hint="Check the path for a mistake, or make the library with `assistant add PATH --library DIR`.",
    )


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def fingerprint(encoder: Encoder) -> str:
    """The encoder's fingerprint as it is stored."""
    return json.dumps(encoder.fingerprint.model_dump(mode="json"), sort_keys=True)
