"""Finds a quote in a text, also where the text was edited, by seed and extend: shared pieces first, then edit distance.

The quote and the text are compared closely only at the places that share pieces of eight characters.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

from embeddings.text.article import Span

PIECE_LENGTH = 8  # characters
SHORT_QUOTE = 64  # characters; an edit may leave no piece of a shorter quote whole
MAX_OCCURRENCES = 4  # of one piece that are looked at; a piece that is everywhere says nothing about the place
MAX_PLACES = 2  # places that are compared closely, those with the most and the rarest shared pieces
SEARCH_RADIUS = 300  # characters around its old offset in which a short quote is searched for

_FNV_PRIME = np.uint32(0x01000193)


class Aligner:
    """A text that is prepared once for any number of quotes, in time linear in its length."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find_exact(self, quote: str, offset: int) -> Span | None:
        """Return the occurrence of the quote that begins nearest to an offset."""
        length = len(self._text)
        offset = min(offset, length)
        after = self._text.find(quote, offset)
        # The search backwards is a search in the reversed text, because `str.rfind` does not run in linear time.
        reversed_start = self._reversed.find(quote[::-1], max(0, length - offset - len(quote) + 1))
        before = -1 if reversed_start < 0 else length - reversed_start - len(quote)
        starts = [start for start in (before, after) if start >= 0]
        start = min(starts, key=lambda start: abs(start - offset), default=None)
        return None if start is None else Span(start=start, end=start + len(quote))

    def find_similar(self, quote: str, offset: int, min_similarity: float) -> Span | None:
        """Return the span that is most similar to the quote, of equals the one nearest to an offset.

        Args:
            quote: the characters to find.
            offset: where the quote was when it was stored.
            min_similarity: the least indel similarity, in percent.
        """
        offset = min(offset, len(self._text))
        places = self._places(quote, offset)
        spans = {span for start, radius in places if (span := self._best_span(quote, start, radius))}
        similarity = {span: ratio(quote, span.cut(self._text), score_cutoff=min_similarity) for span in spans}
        best = max(similarity, key=lambda span: (similarity[span], -abs(span.start - offset)), default=None)
        return best if best and similarity[best] else None

    def _places(self, quote: str, offset: int) -> Iterator[tuple[int, int]]:
        """Yield offsets near which the quote may start, each with the radius to search."""
        radius = max(1, len(quote) // 2)
        starts, weights = self._seeds(quote)
        if len(quote) < SHORT_QUOTE or not len(starts):
            yield offset, max(radius, SEARCH_RADIUS)
        order = np.argsort(starts, kind="stable")
        starts, weights = starts[order], weights[order]
        _, first, band, count = np.unique(starts // radius, return_index=True, return_inverse=True, return_counts=True)
        band_weight, median_start = np.bincount(band, weights), starts[first + count // 2]
        for i in np.lexsort((np.abs(median_start - offset), -band_weight))[:MAX_PLACES].tolist():
            yield int(median_start[i]), radius

    def _seeds(self, quote: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return where the quote would start according to each shared piece, and the weight of that piece.

        Both arrays have shape (seeds,). The weight is one divided by the occurrences of the piece in the text.
        """
        if len(quote) < PIECE_LENGTH:
            return np.empty(0, np.int64), np.empty(0)
        hashes, piece_starts = self._pieces
        quote_hashes = _hashes(np.lib.stride_tricks.sliding_window_view(_code_points(quote), PIECE_LENGTH))
        first, last = (np.searchsorted(hashes, quote_hashes, side) for side in ("left", "right"))
        shared = [np.flatnonzero(first + n < last) for n in range(MAX_OCCURRENCES)]
        starts = np.concatenate([piece_starts[first[at] + n] - at for n, at in enumerate(shared)])
        return starts, 1 / np.concatenate([last[at] - first[at] for at in shared])

    @cached_property
    def _pieces(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The sorted hashes of the text's consecutive pieces, and the offset of each."""
        codes = _code_points(self._text)
        hashes = _hashes(codes[: len(codes) // PIECE_LENGTH * PIECE_LENGTH].reshape(-1, PIECE_LENGTH))
        order = np.argsort(hashes, kind="stable")
        return hashes[order], PIECE_LENGTH * order

    @cached_property
    def _reversed(self) -> str:
        return self._text[::-1]

    def _best_span(self, quote: str, start: int, radius: int) -> Span | None:
        """Return the span with the least edit distance to the quote around an offset."""
        window_start = max(0, start - radius)
        window = self._text[window_start : max(0, start + len(quote) + radius)]
        end = _match_end(quote, window)
        reversed_prefix = window[max(0, end - len(quote) - radius) : end][::-1]
        begin = end - _match_end(quote[::-1], reversed_prefix, anchored=True)
        return Span(start=window_start + begin, end=window_start + end) if begin < end else None


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _hashes(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a hash of each row: FNV-0 with code points in place of bytes."""
    hashes = np.zeros(len(rows), np.uint32)
    for column in rows.T:
        hashes = hashes * _FNV_PRIME ^ column
    return hashes


def _match_end(pattern: str, text: str, *, anchored: bool = False) -> int:
    """Return where the substring of a text with the least edit distance to a pattern ends.

    This is the bit-parallel algorithm of Myers (1999), "A fast bit-vector algorithm for approximate string matching",
    as Hyyrö (2001) states it, on Python's integers of any length. Bit ``i`` of ``positive`` (``negative``) says that
    the distance of the first ``i + 1`` characters of the pattern is one more (less) than that of the first ``i``.

    Args:
        pattern: the characters to find.
        text: the characters to search.
        anchored: the substring begins where the text begins.
    """
    positions: dict[str, int] = {}
    for i, character in enumerate(pattern):
        positions[character] = positions.get(character, 0) | 1 << i
    mask, last = (1 << len(pattern)) - 1, 1 << len(pattern) - 1
    positive, negative, distance = mask, 0, len(pattern)
    best, end = distance, 0
    for offset, character in enumerate(text, 1):
        matches = positions.get(character, 0)
        vertical = matches | negative
        diagonal = (((matches & positive) + positive) ^ positive) | matches
        horizontal_positive = negative | (mask & ~(diagonal | positive))
        horizontal_negative = positive & diagonal
        distance += bool(horizontal_positive & last) - bool(horizontal_negative & last)
        if distance < best:
            best, end = distance, offset
        horizontal_positive = (horizontal_positive << 1 | anchored) & mask
        positive = ((horizontal_negative << 1) | ~(vertical | horizontal_positive)) & mask
        negative = horizontal_positive & vertical
    return end
