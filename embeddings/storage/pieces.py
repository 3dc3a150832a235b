"""Pieces of equal length in which an article's text is stored.

Each piece records the UTF-16 offset and the number of paragraphs before it. So any span of an article, and its
position, is read from the one or two pieces that contain it, however long the article is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embeddings.text.article import Entry, Excerpt, Span, paragraph_spans, utf16_length

PIECE_LENGTH = 4_096  # characters: one or two pages of the database, and about as long as a passage can be


class Piece(NamedTuple):
    """``PIECE_LENGTH`` characters of a text; the last piece may be shorter.

    ``utf16`` and ``paragraphs`` are the numbers of UTF-16 code units, and of paragraphs that begin, before the piece.
    ``begins`` are the offsets in the piece at which paragraphs begin, as little-endian 16-bit integers.
    """

    number: int
    utf16: int
    paragraphs: int
    begins: bytes
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text in order."""
    begins = [paragraph.start for paragraph in paragraph_spans(text)]
    utf16 = 0
    for number, start in enumerate(range(0, len(text), PIECE_LENGTH)):
        piece = text[start : start + PIECE_LENGTH]
        first, last = bisect_left(begins, start), bisect_left(begins, start + PIECE_LENGTH)
        offsets = np.array(begins[first:last], np.int64) - start
        yield Piece(number, utf16, first, offsets.astype("<u2").tobytes(), piece)
        utf16 += utf16_length(piece)


def piece_numbers(span: Span) -> tuple[int, int]:
    """Return the numbers of the first and the last piece that contain a span."""
    return span.start // PIECE_LENGTH, max(span.start, span.end - 1) // PIECE_LENGTH


def excerpt(article: Entry, span: Span, stored: Sequence[Piece]) -> Excerpt:
    """Return a span's text and position.

    Args:
        article: The article.
        span: A span of it. Of a span beyond the end of the text, the excerpt is empty.
        stored: The article's pieces from the first to the last of :func:`piece_numbers`, as far as they exist.
    """
    first = stored[0] if stored else Piece(span.start // PIECE_LENGTH, 0, 0, b"", "")
    start = span.start - first.number * PIECE_LENGTH
    text = "".join(piece.text for piece in stored)[start : start + span.end - span.start]
    paragraph = first.paragraphs + bisect_right(np.frombuffer(first.begins, "<u2").tolist(), start)
    return Excerpt(article, span, text, first.utf16 + utf16_length(first.text[:start]), max(1, paragraph))
