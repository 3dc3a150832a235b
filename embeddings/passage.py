"""A passage: the unit that is encoded, searched and cited. It is a span of its article and holds no text."""

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from embeddings.article import Span


class Passage(BaseModel):
    """A stored passage. ``key`` is its row in the database and in both indexes, and is never given out twice."""

    model_config = ConfigDict(frozen=True)

    key: int
    id: str
    article_id: str
    revision: str
    span: Span

    @classmethod
    def create(cls, key: int, article_id: str, revision: str, start: int, end: int) -> "Passage":
        """A passage whose id follows from where it is in which text."""
        span = Span(start=start, end=end)
        place = place_id(article_id, revision, span)
        return cls(key=key, id=place, article_id=article_id, revision=revision, span=span)


def place_id(article_id: str, revision: str, span: Span) -> str:
    """The id of a span of an article's text at a revision: 16 hexadecimal digits of a sha256."""
    return hashlib.sha256(f"{article_id}:{revision}:{span.start}:{span.end}".encode()).hexdigest()[:16]


class EncodedPassage(NamedTuple):
    """A passage that is ready to be stored.

    ``digest`` is the sha256 of the encoder's fingerprint and of the very text that was encoded; ``vector`` is that
    text's embedding, of shape ``(dimension,)`` and unit length.
    """

    span: Span
    digest: bytes
    vector: NDArray[np.float32]
