"""What makes an index a cache: it is believed only if all of it is what was written, or it is made anew."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Self

from pydantic import BaseModel

from embeddings.storage.state import State


class StaleIndex(Exception):
    """An index on disk cannot be used. The message continues the sentence "The index was made anew: it …"."""


class GivenUp(StaleIndex):
    """It was taken away on purpose, and an empty file left in its place: nobody need be told."""


class IndexStamp(BaseModel):
    """What an index was made from, with a checksum over itself and over the bytes that it stands for."""

    library: str
    recipe: str
    generation: int
    token: int
    sha256: str = ""

    @property
    def state(self) -> State:
        """The state of the database that it holds."""
        return State(self.generation, self.token)

    def sealed(self, payload: bytes | memoryview = b"") -> Self:
        """The stamp with its checksum."""
        return self.model_copy(update={"sha256": self._checksum(payload)})

    def refuse(self, library: str, recipe: str, payload: bytes | memoryview = b"") -> None:
        """Raise StaleIndex if this is not the stamp of these bytes, or they were not made so for this library."""
        if self.sha256 != self._checksum(payload):
            raise StaleIndex("did not match its checksum")
        if self.library != library:
            raise StaleIndex("belonged to another library")
        if self.recipe != recipe:
            raise StaleIndex("was made in another way")

    def _checksum(self, payload: bytes | memoryview) -> str:
        digest = hashlib.sha256(self.model_copy(update={"sha256": ""}).model_dump_json().encode())
        digest.update(payload)
        return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """A file of an index, to be read; whatever is wrong with it, or with what is in it, is a reason not to use it.

    Raises:
        Stale: it is missing, or no file (a pipe would never end), or cannot be read, or understood.
    """
    try:
        if path.exists() and not path.is_file():
            raise StaleIndex("was no file")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise StaleIndex("was missing") from None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError):  # the last is FAISS's
        raise StaleIndex("could not be read") from None


def write_atomically(path: Path, *parts: bytes | memoryview) -> None:
    """Replace a file by these parts so that a reader, or a crash, sees the old file or the new one and nothing between.

    Only the holder of the writer's lock writes, so the temporary name needs no randomness.
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
    if os.name == "posix":  # the rename itself lives in the folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def give_up(path: Path) -> None:
    """Leave an empty file in the place of an index that must not stay."""
    delete(path)
    with suppress(OSError):
        path.touch()


def hold_room(path: Path) -> None:
    """Hold what room there is, up to a megabyte, in the place of an index that found none: it can be given up."""
    delete(path)
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for _ in range(256):
            file.write(bytes(4_096))


def delete(path: Path) -> None:
    """Delete a file or a folder, whatever stands there, if that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
