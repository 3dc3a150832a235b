"""The stamp of an index on disk: what it was made from, with a checksum. Without a valid stamp no index is used."""

import hashlib
from typing import Self

from pydantic import BaseModel

from embeddings.storage.state import State


class StaleIndex(Exception):
    """An index on disk cannot be used. The message continues the sentence "The index was rebuilt: it …"."""


class DiscardedIndex(StaleIndex):
    """The index was deleted on purpose and an empty file left in its place, so no notice is needed."""


class IndexStamp(BaseModel):
    """What an index was made from, with a checksum of the stamp and of the bytes that it describes.

    ``recipe`` is how it was made: the encoder's fingerprint, or the analysis of words.
    """

    library: str
    recipe: str
    generation: int
    token: int
    sha256: str = ""

    @property
    def state(self) -> State:
        """The state of the database from which the index was made."""
        return State(self.generation, self.token)

    def sealed(self, payload: bytes | memoryview = b"") -> Self:
        """Return the stamp with its checksum."""
        return self.model_copy(update={"sha256": self._checksum(payload)})

    def verify(self, library: str, recipe: str, payload: bytes | memoryview = b"") -> None:
        """Raise StaleIndex unless this is the stamp of these bytes, made for this library with this recipe."""
        if self.sha256 != self._checksum(payload):
            raise StaleIndex("did not match its checksum")
        if self.library != library:
            raise StaleIndex("belonged to another library")
        if self.recipe != recipe:
            raise StaleIndex("was made with other settings")

    def _checksum(self, payload: bytes | memoryview) -> str:
        digest = hashlib.sha256(self.model_copy(update={"sha256": ""}).model_dump_json().encode())
        digest.update(payload)
        return digest.hexdigest()
