"""What makes an index a cache: it is believed only if all of it is what was written, or it is made anew."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import BaseModel


class State(NamedTuple):
    """A state of a database: how many transactions made it, and the random token of the last of them.

    The token tells apart what was added after a backup from what was added after that backup was restored.
    """

    generation: int
    token: int


EMPTY = State(0, 0)  # before the first transaction


class Stale(Exception):
    """An index on disk cannot be used. The message continues the sentence "The index was made anew: it …"."""


class Stamp(BaseModel):
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
        """Raise Stale if this is not the stamp of these bytes, or they were not made so for this library."""
        if self.sha256 != self._checksum(payload):
            raise Stale("did not match its checksum")
        if self.library != library:
            raise Stale("belonged to another library")
        if self.recipe != recipe:
            raise Stale("was made in another way")

    def _checksum(self, payload: bytes | memoryview) -> str:
        digest = hashlib.sha256(self.model_copy(update={"sha256": ""}).model_dump_json().encode())
        digest.update(payload)
        return digest.hexdigest()


def write_atomically(path: Path, *parts: bytes | memoryview) -> None:
    """Replace a file by these parts so that a reader, or a crash, sees the old file or the new one and nothing between.

    Only the holder of the writer's lock writes, so the temporary name needs no randomness.
    """
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if os.name == "posix":  # the rename itself lives in the folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
