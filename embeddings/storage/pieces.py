"""A stored text in pieces of one length, each with what was counted before it.

So any characters of an article, and the place where they stand, are read from the one or two pieces that hold them,
however long the article is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embeddings.text.article import Entry, Excerpt, Span, paragraph_spans, utf16_length

LENGTH = 4_096  # characters: a page or two of the database, and more than a passage has


class Piece(NamedTuple):
    """``LENGTH`` characters of a text, or what is left of it.

    ``utf16`` and ``paragraphs`` are how many UTF-16 units, and how many beginnings of paragraphs, stand before it;
    ``begins`` are the offsets in it at which paragraphs begin, as little-endian 16-bit numbers.
    """

    number: int
    utf16: int
    paragraphs: int
    begins: bytes
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text, in order."""
    begins = [paragraph.start for paragraph in paragraph_spans(text)]
    utf16 = 0
    for number, start in enumerate(range(0, len(text), LENGTH)):
        piece = text[start : start + LENGTH]
        first, last = bisect_left(begins, start), bisect_left(begins, start + LENGTH)
        within = np.array(begins[first:last], np.int64) - start
        yield Piece(number, utf16, first, within.astype("<u2").tobytes(), piece)
        utf16 += utf16_length(piece)


def numbers(span: Span) -> tuple[int, int]:
    """The numbers of the first and the last piece that hold a span."""
    return span.start // LENGTH, max(span.start, span.end - 1) // LENGTH


def excerpt(article: Entry, span: Span, held_by: Sequence[Piece]) -> Excerpt:
    """What a span cuts from the pieces that hold it, which are all that there are from its first to its last.

    Without any, the span is beyond the text, and nothing is cut.
    """
    first = held_by[0] if held_by else Piece(span.start // LENGTH, 0, 0, b"", "")
    start = span.start - first.number * LENGTH
    text = "".join(piece.text for piece in held_by)[start : start + span.end - span.start]
    paragraph = first.paragraphs + bisect_right(np.frombuffer(first.begins, "<u2").tolist(), start)
    return Excerpt(article, span, text, first.utf16 + utf16_length(first.text[:start]), max(1, paragraph))
