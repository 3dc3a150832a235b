"""Paragraphs of a PDF: rows of its pages put together, without running heads, feet and page numbers."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from assistant.sources.pdf_columns import LineRow, regions
from assistant.sources.pdf_words import Line

_HEADING = 1.1  # times the size of the running text, from which a line is a heading
_SAME_SIZE = 1.06  # two sizes that differ by less are one
_WIDE_LEADING = 1.3  # times the usual distance of lines: what is farther apart is no paragraph
_MAX_HEADING = 200  # characters
_APART = 0.5  # times its size: the least space between a running head and the text
_EDGE = 0.13  # of a page's height, at its top and its bottom: where running heads and feet stand
_REPEATED = 0.4  # of the pages: what stands at the edge of so many is no part of the text
_NUMBER = re.compile(
    r"\A\W*+(?:page|seite|p\.)?\s*+(?:\d{1,4}|[ivxl]{1,6})(?:\s*+(?:/|of|von)\s*+\d{1,4})?\W*+\Z", re.IGNORECASE
)
_MUCH_ROOM = 0.35  # of a column's width: a line that leaves so much is the last of its paragraph
_ITEM = re.compile(r"[•◦▪‣●○■–*-]|\(?(?:\d{1,2}|[a-z])[.)]|\[\d{1,3}\]")
_ENDS = re.compile(r"[.!?:;…][\"'”’»)\]]*\Z")


@dataclass
class TextBlock:
    """Rows that are read as one block: a paragraph, a heading, a list item, or one row of a table."""

    rows: list[LineRow]
    heading: bool = False
    table: bool = False
    lines: list[Line] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [line for row in self.rows for line in row.lines]

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(line.text for line in self.lines)


def paragraphs(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[TextBlock]:
    """Return the paragraphs of a document in reading order.

    Args:
        pages: The height and the lines of each page.
    """
    lines = [line for _, body in pages for line in body]
    if not lines:
        return []
    size = _usual_size(lines)
    bodies = _without_edges(pages, size)
    is_bold = sum(len(line.text) for line in lines if line.bold) * 2 > sum(len(line.text) for line in lines)
    found: list[TextBlock] = []
    for body in bodies:
        for rows in regions(body):
            for paragraph in _split(rows, size):
                paragraph.heading = _is_heading(paragraph, size, is_bold)
                if found and _continues(found[-1], paragraph):
                    found[-1] = TextBlock([*found[-1].rows, *paragraph.rows])
                else:
                    found.append(paragraph)
    return found


def _usual_size(lines: Iterable[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
    return sizes.most_common(1)[0][0]


def _without_edges(pages: Sequence[tuple[float, Sequence[Line]]], size: float) -> list[list[Line]]:
    """Leave out page numbers, and what is repeated at the top or the bottom of the pages, apart from the text."""
    edges = [_edge_lines(height, lines, size) for height, lines in pages]
    heights = Counter(height for edge in edges for height in {height for height, _ in edge.values()})
    texts = Counter(key for edge in edges for key in set(edge.values()))
    needed = max(2, _REPEATED * len(pages))
    bodies = []
    for (_, lines), edge in zip(pages, edges, strict=True):
        body = list(lines)
        numbered = {edge[line][0] for line in edge if _NUMBER.fullmatch(line.text) and _is_apart(line, body)}
        for line, key in edge.items():  # from the edge inwards
            is_repeated = texts[key] >= (2 if heights[key[0]] >= needed else needed)
            if (is_repeated or key[0] in numbered) and _is_apart(line, body):
                body.remove(line)
        bodies.append(body)
    return bodies


def _edge_lines(height: float, lines: Sequence[Line], size: float) -> dict[Line, tuple[int, str]]:
    """Return the small lines near the edges of a page, outermost first: the height, and the text without numbers."""
    by_distance = sorted(lines, key=lambda line: min(line.y1, height - line.y0))
    return {
        line: (round(line.y0 / 2), re.sub(r"\d+", "#", line.text.casefold()))
        for line in by_distance
        if min(line.y1, height - line.y0) < _EDGE * height and line.size < _HEADING * size
    }


def _is_apart(line: Line, lines: Sequence[Line]) -> bool:
    """True if a line is the highest or the lowest of its page, but for those beside it, with space before the next."""
    space = _APART * line.size
    others = [other for other in lines if other.y1 < line.y0 + 1 or other.y0 > line.y1 - 1]
    return all(other.y0 - line.y1 > space for other in others) or all(line.y0 - other.y1 > space for other in others)


def _split(rows: Sequence[LineRow], size: float) -> Iterator[TextBlock]:
    """Yield the paragraphs of one region of a document whose usual size of letters is given."""
    if not rows:
        return
    leading = _leading(rows)
    in_table = [len(row.lines) > 1 for row in rows]
    tables = [
        here and ((index > 0 and in_table[index - 1]) or (index + 1 < len(rows) and in_table[index + 1]))
        for index, here in enumerate(in_table)
    ]
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    current = [rows[0]]
    for index, (above, row) in enumerate(pairwise(rows), start=1):
        is_large = row.first.size >= _HEADING * size
        edges = (left, math.inf) if is_large else (left, right)  # the lines of a title are of any length
        if tables[index] or tables[index - 1] or _begins(current, above, row, leading, edges):
            yield TextBlock(current, table=tables[index - 1])
            current = []
        current.append(row)
    yield TextBlock(current, table=tables[-1])


def _leading(rows: Sequence[LineRow]) -> float:
    """The usual distance from line to line, as a part of the size of the font."""
    steps = [
        (below.y1 - above.y1) / above.first.size
        for above, below in pairwise(rows)
        if _is_same_size(above.first, below.first) and below.y1 > above.y1
    ]
    return min(median(steps), 1.8) if steps else 1.3


def _begins(
    current: Sequence[LineRow], above: LineRow, row: LineRow, leading: float, edges: tuple[float, float]
) -> bool:
    """True if a row begins a paragraph, after the rows of the current one, between the edges of a column."""
    size, (left, right) = above.first.size, edges
    is_near = 0 < (row.y1 - above.y1) / size <= _WIDE_LEADING * leading
    is_alike = _is_same_size(above.first, row.first) and row.first.bold == above.first.bold
    is_new_item = _is_item(row) and len(row.first.words) > 1
    if not (is_near and is_alike) or is_new_item or above.lines[-1].leads:
        return True
    if above.lines[-1].text.endswith(("-", "\u00ad")):
        return False
    has_ended = bool(_ENDS.search(above.lines[-1].text))
    first = row.first.words[0]
    had_room = above.x1 + 0.4 * size + (first.x1 - first.x0) < right < math.inf
    had_much_room = (right - above.x1) > _MUCH_ROOM * (right - left)
    is_indented = row.x0 > left + 0.7 * size and row.x0 > above.x0 + 0.5 * size and not _is_item(current[0])
    return (is_indented and has_ended) or (had_room and (has_ended or had_much_room or is_indented))


def _is_item(row: LineRow) -> bool:
    return bool(_ITEM.fullmatch(row.first.words[0].text))


def _is_same_size(line: Line, other: Line) -> bool:
    return max(line.size, other.size) < _SAME_SIZE * min(line.size, other.size)


def _is_heading(paragraph: TextBlock, size: float, is_bold: bool) -> bool:
    line, text = paragraph.lines[0], paragraph.text
    if len(text) > _MAX_HEADING or paragraph.table or not any(map(str.isalpha, text)):
        return False
    stands_out = line.bold and not is_bold and all(other.bold for other in paragraph.lines)
    return line.size >= _HEADING * size or (stands_out and len(paragraph.rows) <= 2 and not _ENDS.search(text))


def _continues(last: TextBlock, following: TextBlock) -> bool:
    """True if a paragraph goes on in the next column or on the next page."""
    if last.heading or following.heading or last.table or following.table:
        return False
    line, next_line = last.lines[-1], following.lines[0]
    has_moved = next_line.page != line.page or next_line.y1 <= line.y0
    begins_small = next_line.text[0].islower()
    is_cut = not _ENDS.search(line.text) or line.text.endswith("-")
    return has_moved and begins_small and is_cut and _is_same_size(line, next_line)
