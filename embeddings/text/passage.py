"""A passage: the unit that is encoded, searched and cited. It is a span of its article and holds no text."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from embeddings.text.article import Span

# Characters of a passage, and so of a quote: twice what an encoder of 512 tokens reads of any language. Tokens alone
# bound nothing: a word of any length may be one, and white space is none.
LONGEST = 5_000


class StoredPassage(BaseModel):
    """A stored passage. ``key`` is its row in the database and in both indexes, and is never given out twice.

    ``sentences`` are those that lie wholly inside it; a piece of a sentence that is longer than a passage has none.
    """

    model_config = ConfigDict(frozen=True)

    key: int
    id: str
    article_id: str
    revision: str
    span: Span
    sentences: tuple[Span, ...] = ()

    @classmethod
    def create(
        cls, key: int, article_id: str, revision: str, start: int, end: int, *, sentences: Sequence[Span] = ()
    ) -> "StoredPassage":
        """A passage whose id follows from where it is in which text."""
        span = Span(start=start, end=end)
        place = place_id(article_id, revision, span)
        return cls(key=key, id=place, article_id=article_id, revision=revision, span=span, sentences=tuple(sentences))


class Indexed(NamedTuple):
    """What an index of words is told of a passage."""

    key: int
    text: str
    title: str
    article_id: str
    source: str | None = None
    published: date | None = None


def place_id(article_id: str, revision: str, span: Span) -> str:
    """The id of a span of an article's text at a revision: 16 hexadecimal digits of a sha256."""
    return hashlib.sha256(f"{article_id}:{revision}:{span.start}:{span.end}".encode()).hexdigest()[:16]


class EncodedPassage(NamedTuple):
    """A passage that is ready to be stored.

    ``digest`` is the sha256 of the encoder's fingerprint and of the very text that was encoded; ``vector`` is that
    text's embedding, of shape ``(dimension,)`` and unit length; ``sentences`` are those wholly inside the span.
    """

    span: Span
    digest: bytes
    vector: NDArray[np.float32]
    sentences: Sequence[Span] = ()


def packed(sentences: Sequence[Span], start: int) -> bytes:
    """Spans as they are stored: their starts and ends, counted from ``start``."""
    ends = np.array([(span.start, span.end) for span in sentences], np.int64).reshape(-1, 2)
    return (ends - start).astype("<u4").tobytes()


def unpacked(stored: bytes, start: int) -> list[Span]:
    """The spans that were stored, counted from the text's beginning."""
    ends = np.frombuffer(stored, "<u4").reshape(-1, 2) + start
    return [Span.model_construct(start=first, end=last) for first, last in ends.tolist()]  # checked when stored
