"""Where a text says a quote, or something like it; that is looked for only where both have characters in common."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

from embeddings.text.article import Span

PIECE = 8  # characters in a row that are in common
SHORT = 64  # characters of a quote, below which an edit may leave no piece whole
SAMPLES = 4  # places of a piece that count: what stands everywhere points nowhere
PLACES = 2  # places that are looked at closely, those with the most and the rarest pieces
AROUND = 300  # characters around its old place in which a quote is looked for that has no piece in common

_FACTOR = np.uint32(0x01000193)


class Alignment:
    """A text, prepared once for any number of quotes, in time that grows with its length."""

    def __init__(self, text: str) -> None:
        self._text = text

    def exact(self, quote: str, near: int) -> Span | None:
        """The quote as it stands, of several places the one that begins nearest to an offset."""
        length = len(self._text)
        near = min(near, length)
        after = self._text.find(quote, near)
        # Backwards is the text turned round: Python's `rfind` is not linear.
        turned = self._backwards.find(quote[::-1], max(0, length - near - len(quote) + 1))
        before = -1 if turned < 0 else length - turned - len(quote)
        start = min(
            (place for place in (before, after) if place >= 0), key=lambda place: abs(place - near), default=None
        )
        return None if start is None else Span(start=start, end=start + len(quote))

    def like(self, quote: str, near: int, at_least: float) -> Span | None:
        """The characters most like the quote, at least so many percent; of equals those nearest to an offset."""
        near = min(near, len(self._text))
        found = {span for start, reach in self._places(quote, near) if (span := self._best(quote, start, reach))}
        alike = {span: ratio(quote, span.cut(self._text), score_cutoff=at_least) for span in found}
        best = max(alike, key=lambda span: (alike[span], -abs(span.start - near)), default=None)
        return best if best and alike[best] else None

    def _places(self, quote: str, near: int) -> Iterator[tuple[int, int]]:
        """Where the quote may begin, and how far before or behind."""
        reach = max(1, len(quote) // 2)
        begins, rarity = self._begins(quote)
        if len(quote) < SHORT or not len(begins):
            yield near, max(reach, AROUND)
        order = np.argsort(begins, kind="stable")
        begins, rarity = begins[order], rarity[order]
        _, first, band, count = np.unique(begins // reach, return_index=True, return_inverse=True, return_counts=True)
        weight, middle = np.bincount(band, rarity), begins[first + count // 2]
        for place in np.lexsort((np.abs(middle - near), -weight))[:PLACES].tolist():
            yield int(middle[place]), reach

    def _begins(self, quote: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Where the quote would begin by each piece that it has in common with the text, and how rare that is there."""
        if len(quote) < PIECE:
            return np.empty(0, np.int64), np.empty(0)
        hashes, starts = self._pieces
        pieces = _hashes(np.lib.stride_tricks.sliding_window_view(_letters(quote), PIECE))
        first, last = (np.searchsorted(hashes, pieces, side) for side in ("left", "right"))
        found = [np.flatnonzero(first + sample < last) for sample in range(SAMPLES)]
        begins = np.concatenate([starts[first[at] + sample] - at for sample, at in enumerate(found)])
        return begins, 1 / np.concatenate([last[at] - first[at] for at in found])

    @cached_property
    def _pieces(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Every eighth piece of the text: their hashes in order, and where each begins."""
        letters = _letters(self._text)
        hashes = _hashes(letters[: len(letters) // PIECE * PIECE].reshape(-1, PIECE))
        order = np.argsort(hashes, kind="stable")
        return hashes[order], PIECE * order

    @cached_property
    def _backwards(self) -> str:
        return self._text[::-1]

    def _best(self, quote: str, start: int, reach: int) -> Span | None:
        first = max(0, start - reach)
        window = self._text[first : max(0, start + len(quote) + reach)]
        end = _end(quote, window)
        begin = end - _end(quote[::-1], window[max(0, end - len(quote) - reach) : end][::-1], anchored=True)
        return Span(start=first + begin, end=first + end) if begin < end else None


def _letters(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _hashes(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    hashes = np.zeros(len(rows), np.uint32)
    for column in rows.T:
        hashes = hashes * _FACTOR ^ column
    return hashes


def _end(pattern: str, text: str, *, anchored: bool = False) -> int:
    """Where what is most like a pattern ends in a text; with ``anchored`` it begins where the text does.

    The bit-parallel edit distance of Myers (1999), whose words are Python's integers, of any length: bit ``i`` tells
    whether the distance of the pattern's first ``i + 1`` letters is one more, or less, than that of its first ``i``.
    """
    places: dict[str, int] = {}
    for i, letter in enumerate(pattern):
        places[letter] = places.get(letter, 0) | 1 << i
    every, last = (1 << len(pattern)) - 1, 1 << len(pattern) - 1
    more, less, distance = every, 0, len(pattern)
    best, end = distance, 0
    for place, letter in enumerate(text, 1):
        same = places.get(letter, 0)
        below = same | less
        carried = (((same & more) + more) ^ more) | same
        grown, shrunk = less | (every & ~(carried | more)), more & carried
        distance += bool(grown & last) - bool(shrunk & last)
        if distance < best:
            best, end = distance, place
        grown = (grown << 1 | anchored) & every
        more, less = ((shrunk << 1) | ~(below | grown)) & every, grown & below
    return end
