"""Folders as sources of a sync: a place a file, whose size and time tell whether it has changed."""

import os
from functools import partial
from pathlib import Path

from assistant.errors import SourceError
from assistant.sources import find_files, read_file
from assistant.sources.kind import RECORD_SUFFIXES
from assistant.sources.records import Record, read_records
from assistant.sync.place import Place, PlaceListing, PlaceReading
from embeddings.outcome import Outcome
from embeddings.storage.origins import KnownArticle


def list_folder(path: Path, *, max_bytes: int, seconds: float) -> PlaceListing:
    """List the files of a folder. What cannot be opened has lost nothing.

    Raises:
        SourceError: the folder cannot be opened.
    """
    root = path.resolve()
    places, skipped = list[Place](), dict[str, str]()
    for file, reason in find_files(root):
        name, version = file_name(file), None if reason else _version(file)
        if version:
            places.append(Place(name, version, partial(_read, file, version, max_bytes, seconds)))
        else:
            skipped[name] = reason or "it disappeared, or may not be read"
    if reason := skipped.get(file_name(root)):
        hint = "Check its permissions."
        raise SourceError(f"{str(path)!r} cannot be read.", expected="a folder that opens", got=reason, hint=hint)

    def has_lost(known: KnownArticle) -> bool:
        return not skipped.keys() & {known.place, *map(str, Path(known.place).parents)}

    outcomes = [Outcome(status="skipped", path=name, reason=reason) for name, reason in skipped.items()]
    return PlaceListing(file_name(root), places, outcomes, has_lost, f"{file_name(root)}/")


def _version(path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_size}:{status.st_mtime_ns}"


def file_name(path: Path) -> str:
    """Return the path of a file as text that can be stored, whatever its bytes."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _read(path: Path, version: str, max_bytes: int, seconds: float, _: str) -> PlaceReading:
    if path.suffix.lower() in RECORD_SUFFIXES:
        return PlaceReading(version, read_records(path, {}, max_bytes=max_bytes, seconds=seconds))
    article = read_file(path, max_bytes=max_bytes, seconds=seconds)
    return PlaceReading(version, [Record(file_name(path), article)])
