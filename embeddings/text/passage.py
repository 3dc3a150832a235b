"""Passages: the unit that is encoded, searched and cited. A passage is a span of its article and has no text."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from embeddings.text.article import Span

# In characters, for a passage and so for a quote: twice what an encoder with a window of 512 tokens reads in any
# language. A limit in tokens alone is no bound, because a token can be arbitrarily long and white space is not a token.
MAX_PASSAGE_LENGTH = 5_000


class StoredPassage(BaseModel):
    """A passage in the database.

    ``key`` identifies the passage in the database and both indexes and is never reused. ``sentences`` are the spans of
    the sentences that lie wholly inside the passage and may be cited: headings may not. A part of a sentence that is
    longer than a passage counts as one.
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
        """Return a passage with the id of its span."""
        span = Span(start=start, end=end)
        return cls(
            key=key,
            id=span_id(article_id, revision, span),
            article_id=article_id,
            revision=revision,
            span=span,
            sentences=tuple(sentences),
        )


class IndexedPassage(NamedTuple):
    """The fields of a passage that the BM25 index stores."""

    key: int
    text: str
    title: str
    article_id: str
    source: str | None = None
    published: date | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


def span_id(article_id: str, revision: str, span: Span) -> str:
    """Return the id of a span of one revision of an article: the first 16 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(f"{article_id}:{revision}:{span.start}:{span.end}".encode()).hexdigest()[:16]


class EncodedPassage(NamedTuple):
    """A passage with its vector, ready to be stored.

    ``digest`` is the SHA-256 of the encoder's fingerprint and the encoded text. ``vector`` is the embedding of that
    text, of shape ``(dimension,)`` and unit length. ``sentences`` are those wholly inside the span.
    """

    span: Span
    digest: bytes
    vector: NDArray[np.float32]
    sentences: Sequence[Span] = ()


def pack_spans(sentences: Sequence[Span], start: int) -> bytes:
    """Serialise spans as pairs of little-endian 32-bit offsets, relative to ``start``."""
    offsets = np.array([(span.start, span.end) for span in sentences], np.int64).reshape(-1, 2)
    return (offsets - start).astype("<u4").tobytes()


def unpack_spans(stored: bytes, start: int) -> list[Span]:
    """Return the spans that :func:`pack_spans` serialised relative to ``start``."""
    offsets = np.frombuffer(stored, "<u4").reshape(-1, 2) + start
    # Without validation, for speed: the spans were valid when they were stored.
    return [Span.model_construct(start=first, end=last) for first, last in offsets.tolist()]


def json_of_spans(spans: Iterable[Span]) -> str:
    """Serialise the spans of an article's lists or code."""
    return json.dumps([(span.start, span.end) for span in spans])


def spans_of_json(stored: str, within: Span | None = None) -> tuple[Span, ...]:
    """Return the spans that :func:`json_of_spans` serialised; only those that overlap ``within``, if that is given."""
    return tuple(
        Span(start=start, end=end)
        for start, end in json.loads(stored)
        if within is None or (start < within.end and within.start < end)
    )
