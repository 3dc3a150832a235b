"""The reading order of a page's lines: columns one after the other, and rows of a table as rows."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from assistant.sources.pdf_words import Line

_LEAST_LINES = 3  # that a column has
_LEAST_CHARACTERS = 15  # that the median line of a column has; cells of a table have fewer
_LEAST_FILLED = 0.5  # of the column's width, by the median line
_MOST_CROSSING = 0.6  # of the characters, in lines that reach across both columns, as a title does


class LineRow(NamedTuple):
    """The lines that stand side by side in one column, from left to right: one in running text, cells in a table."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The line on the left."""
        return self.lines[0]

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.lines[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.lines[-1].x1

    @property
    def y0(self) -> float:
        """Upper edge."""
        return min(line.y0 for line in self.lines)

    @property
    def y1(self) -> float:
        """Lower edge."""
        return max(line.y1 for line in self.lines)


def regions(lines: Sequence[Line]) -> Iterator[list[LineRow]]:
    """Yield the rows of each region of a page in reading order: what is beside no other text, or one column."""
    gutter = _gutter(lines)
    if gutter is None:
        yield list(_rows(lines))
        return
    # A line that reaches across the gutter ends the columns above it.
    by_place = sorted(lines, key=lambda line: line.y0)
    for crosses, band in groupby(by_place, lambda line: line.x0 < gutter < line.x1):
        members = list(band)
        if crosses:
            yield list(_rows(members))
            continue
        for side in (True, False):
            if column := [line for line in members if (line.x1 <= gutter) == side]:
                yield from regions(column)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return the x between two columns of running text, or None if there are none."""
    best, most = None, 0
    for x in sorted({round(line.x0) for line in lines}):
        left = [line for line in lines if line.x1 <= x]
        right = [line for line in lines if line.x0 >= x - 1]
        if not (_is_column(left) and _is_column(right) and _are_beside(left, right)):
            continue
        sides = sorted((_characters(left), _characters(right)))
        crossing = _characters(lines) - sum(sides)
        if sides[0] > most and crossing <= _MOST_CROSSING * _characters(lines):
            edge = max(line.x1 for line in left)
            best, most = (edge + min(line.x0 for line in right)) / 2, sides[0]
    return best


def _is_column(lines: Sequence[Line]) -> bool:
    if len(lines) < _LEAST_LINES:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    is_filled = median(line.x1 - line.x0 for line in lines) >= _LEAST_FILLED * width
    return is_filled and median(len(line.text) for line in lines) >= _LEAST_CHARACTERS


def _are_beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """True if half of the shorter column stands beside the other one."""
    shorter, longer = sorted((left, right), key=len)
    top, bottom = min(line.y0 for line in longer), max(line.y1 for line in longer)
    return sum(top < (line.y0 + line.y1) / 2 < bottom for line in shorter) >= len(shorter) / 2


def _characters(lines: Sequence[Line]) -> int:
    return sum(len(word.text) for line in lines for word in line.words)


def _rows(lines: Sequence[Line]) -> Iterator[LineRow]:
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.y0 + line.y1) / 2):
        if row and not _is_same_row(row, line):
            yield LineRow(tuple(sorted(row, key=lambda line: line.x0)))
            row = []
        row.append(line)
    if row:
        yield LineRow(tuple(sorted(row, key=lambda line: line.x0)))


def _is_same_row(row: Sequence[Line], line: Line) -> bool:
    """True if a line stands beside all lines of a row, and not above or below one of them."""
    tallest = max(row, key=lambda one: one.y1 - one.y0)
    overlap = min(tallest.y1, line.y1) - max(tallest.y0, line.y0)
    is_level = overlap > 0.5 * min(tallest.y1 - tallest.y0, line.y1 - line.y0)
    return is_level and all(line.x0 >= one.x1 - 1 or line.x1 <= one.x0 + 1 for one in row)
