"""The files of the indexes in a library's folder: reading, replacing and deleting them."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from embeddings.retrieval.index_stamp import StaleIndex

DENSE_FILE = "vectors.faiss"
BM25_FOLDER = "words"
BM25_MANIFEST = "meta.json"  # in the folder; tantivy's name

_LIBRARY_ID = re.compile(rb'"library\\?": ?\\?"([^"\\]+)')  # in a stamp of any version, also as a string inside JSON


@contextmanager
def open_index(path: Path) -> Iterator[BufferedReader]:
    """Open a file of an index for reading, and raise any failure to read or interpret it as StaleIndex.

    Raises:
        StaleIndex: The file is missing, is not a regular file (reading a pipe would never end), or cannot be read or
            interpreted.
    """
    try:
        if path.exists() and not path.is_file():
            raise StaleIndex("was not a file")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise StaleIndex("was missing") from None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError):  # FAISS raises RuntimeError
        raise StaleIndex("could not be read") from None


def write_atomically(path: Path, *parts: bytes | memoryview) -> None:
    """Replace a file's content so that readers, and a crash, leave either the old content or the new.

    Only the holder of the writer lock writes, so the temporary file needs no unique name.
    """
    temporary = path.with_name(path.name + ".tmp")
    delete(temporary)
    try:
        with temporary.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if path.is_dir():
            delete(path)
        temporary.replace(path)
    except BaseException:
        delete(temporary)
        raise
    if os.name == "posix":  # the new name is stored in the folder, which has to be flushed too
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def discard(path: Path) -> None:
    """Replace an index by an empty file, by which a reader sees that it was deleted on purpose."""
    delete(path)
    with suppress(OSError):
        path.touch()


def reserve_space(path: Path) -> None:
    """Fill what space the disk has left, up to a megabyte, with a placeholder that can be deleted when it is needed."""
    delete(path)
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for _ in range(256):
            file.write(bytes(4_096))


def delete(path: Path) -> None:
    """Delete a file or a folder if it exists and can be deleted."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def delete_indexes(library: Path) -> None:
    """Delete both indexes of the library in a folder. They are rebuilt when it is opened."""
    for name in (DENSE_FILE, BM25_FOLDER):
        delete(library / name)


def library_of_indexes(library: Path) -> str | None:
    """Return the id of the library for which an index in a folder was made, whether or not the index is usable."""
    for path in (library / DENSE_FILE, library / BM25_FOLDER / BM25_MANIFEST):
        with suppress(StaleIndex), open_index(path) as file:
            if match := _LIBRARY_ID.search(file.read(65_536)):
                return match[1].decode(errors="replace")
    return None
