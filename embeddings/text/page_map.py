"""Where the words of an article stand on the pages that it was read from: pages and boxes of a span."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

_UNIT = 10  # stored units of a point; so a page may be 6,553 points high
_LARGEST = 65_535
_WORD = np.dtype(
    [
        ("start", "<u4"),
        ("length", "<u2"),
        ("page", "<u2"),
        *((name, "<u2") for name in ("x0", "y0", "x1", "y1")),
    ]
)


class Box(NamedTuple):
    """A rectangle on a page, whose number counts from 1. In points, from the page's top left corner as it is shown."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class PlacedWord(NamedTuple):
    """A word of a text, from ``start`` to ``end``, and its box."""

    start: int
    end: int
    box: Box


class PageMap(BaseModel):
    """The boxes of the words of a text, in the order of the text. ``packed`` has sixteen bytes for each word."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    packed: bytes = Field(b"", repr=False)

    @classmethod
    def of(cls, words: Iterable[PlacedWord]) -> Self:
        """Return the map of words, in order, of which coordinates are rounded to a tenth of a point."""
        rows = [
            (
                word.start,
                min(word.end - word.start, _LARGEST),
                *(word.box.page, *(min(max(round(_UNIT * value), 0), _LARGEST) for value in word.box[1:])),
            )
            for word in words
        ]
        return cls(packed=np.array(rows, _WORD).tobytes())

    def __bool__(self) -> bool:
        return bool(self.packed)

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return the boxes of the words that overlap a span, one for each line that they stand in, in text order."""
        merged: list[Box] = []
        for row in self._overlapping(start, end).tolist():
            page, *sides = row[2:]
            box = Box(page, *(value / _UNIT for value in sides))
            if merged and _is_same_line(merged[-1], box):
                last = merged.pop()
                box = Box(page, last.x0, min(last.y0, box.y0), box.x1, max(last.y1, box.y1))
            merged.append(box)
        return merged

    def cut(self, start: int, end: int) -> "PageMap":
        """Return the words that begin in a span."""
        words = self._words
        return PageMap(packed=words[(words["start"] >= start) & (words["start"] < end)].tobytes())

    def without(self, start: int, end: int) -> "PageMap":
        """Return the map of the text without a span, of which no word lies partly inside."""
        words = self._words
        kept = words[(words["start"] < start) | (words["start"] >= end)].copy()
        kept["start"][kept["start"] >= end] -= end - start
        return PageMap(packed=kept.tobytes())

    def page_starts(self) -> Iterator[tuple[int, int]]:
        """Yield each page with words, and the offset of its first word."""
        pages, first = np.unique(self._words["page"], return_index=True)
        for page, index in zip(pages.tolist(), first.tolist(), strict=True):
            yield page, int(self._words["start"][index])

    @property
    def _words(self) -> NDArray[np.void]:
        return np.frombuffer(self.packed, _WORD)

    def _overlapping(self, start: int, end: int) -> NDArray[np.void]:
        words = self._words
        ends = words["start"] + words["length"]
        found: NDArray[np.void] = words[(words["start"] < end) & (ends > start)]
        return found


def _is_same_line(last: Box, box: Box) -> bool:
    middle = (box.y0 + box.y1) / 2
    return last.page == box.page and last.y0 < middle < last.y1 and box.x0 >= last.x0
