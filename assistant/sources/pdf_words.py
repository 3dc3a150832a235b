"""The words of a PDF page with their boxes, as PDFium finds them in the page's text layer."""

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "ft", 0xFB06: "st"}
_LINE_END_HYPHEN = 2  # PDFium's own code for a hyphen at the end of a line
_FINE = 1000  # PDFium tells positions on a page as whole numbers: so many to a point
_LEVEL = math.radians(3)  # text at a steeper angle is a stamp or the label of an axis
_GAP = 1.5  # em: a wider one is between columns or cells, and no space between words
_SAMPLE = 5  # of so many characters, one is asked for whether its font explains it
_LEADERS = 4  # so many dots in a row lead to the number of a page
_LINE_ENDS = (10, 13)
_Box = tuple[float, float, float, float]
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_BOLD_NAMES = (b"bold", b"black", b"heavy")
_BOLD = 600  # the weight from which a font is bold


class Word(NamedTuple):
    """A word and its box on the page, in points from the top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Line:
    """Words side by side on a page, the size of their font in points, and whether all of them are bold.

    ``leads`` is True if dots led from the words to the number of a page; the dots are left out.
    """

    page: int
    words: tuple[Word, ...]
    size: float
    bold: bool
    leads: bool = False

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.words[-1].x1

    @property
    def y0(self) -> float:
        """Upper edge."""
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        """Lower edge."""
        return max(word.y1 for word in self.words)

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(word.text for word in self.words)


@dataclass
class PageWords:
    """The lines of a page in the order in which they are drawn; how many of a sample of characters no font explains."""

    lines: list[Line]
    characters: int = 0
    unexplained: int = 0


class _Character(NamedTuple):
    text: str
    box: _Box
    at: int


def read_page(page: PdfPage, number: int) -> PageWords:
    """Return the words of a page. Text that is not level as the page is shown is left out."""
    textpage = page.get_textpage()
    try:
        found = PageWords([])
        for characters in _runs(page, textpage.raw, found):
            words = list(_words(characters))
            shown = list(_without_leaders(words))
            if shown:
                size, bold = _font(textpage.raw, [one.at for one in characters if one.text != " "])
                found.lines.append(Line(number, tuple(shown), size, bold, leads=len(shown) < len(words)))
        return found
    finally:
        textpage.close()


def _runs(page: PdfPage, text: Any, found: PageWords) -> Iterator[list[_Character]]:
    """Yield the visible and blank characters of each line, which also ends at a wide gap."""
    place, level = _placement(page)
    run: list[_Character] = []
    last: _Box | None = None
    rectangle = pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in _LINE_ENDS:
            if last:
                yield run
            run, last = [], None
            continue
        if (code <= 32 and code != _LINE_END_HYPHEN) or chr(code).isspace():
            run.append(_Character(" ", _NOWHERE, index))
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, rectangle)
        box = place(rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
        if last is None or _is_apart(last, box):
            angle = pdfium.FPDFText_GetCharAngle(text, index) - level
            if abs(math.remainder(angle, math.tau)) > _LEVEL:
                continue
            if last:
                yield run
                run = []
        if index % _SAMPLE == 0:
            found.characters += 1
            found.unexplained += pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
        run.append(_Character("-" if code == _LINE_END_HYPHEN else _LIGATURES.get(code, chr(code)), box, index))
        last = box
    if last:
        yield run


def _is_apart(last: _Box, box: _Box) -> bool:
    """True if a character stands on another line than the last one, or far from it on the same line."""
    height = max(last[3] - last[1], box[3] - box[1])
    overlap = min(last[3], box[3]) - max(last[1], box[1])
    return overlap < 0.3 * min(last[3] - last[1], box[3] - box[1]) or not -height < box[0] - last[2] < _GAP * height


def _words(characters: list[_Character]) -> Iterator[Word]:
    word: list[_Character] = []
    for character in (*characters, _Character(" ", _NOWHERE, -1)):
        if character.text != " ":
            word.append(character)
        elif word:
            sides = list(zip(*(one.box for one in word), strict=True))
            units = "".join(one.text for one in word).encode("utf-16-le", "surrogatepass")
            text = units.decode("utf-16-le", "replace")  # PDFium tells characters beyond the basic plane as two
            yield Word(text, min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
            word = []


def _without_leaders(words: list[Word]) -> Iterator[Word]:
    for is_dots, group in groupby(words, lambda word: not word.text.strip(".·…")):
        some = list(group)
        if not is_dots or sum(len(word.text) for word in some) < _LEADERS:
            yield from some


def _font(text: Any, indices: list[int]) -> tuple[float, bool]:
    """Return the size of some characters, and whether they are bold, from the first, the last and one between."""
    matrix, buffer = pdfium.FS_MATRIX(), ctypes.create_string_buffer(200)
    sizes, bold = [], []
    for index in (indices[0], indices[len(indices) // 2], indices[-1]):
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        sizes.append(pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d))
        pdfium.FPDFText_GetFontInfo(text, index, buffer, 200, None)
        is_heavy = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD
        bold.append(is_heavy or any(part in buffer.value.lower() for part in _BOLD_NAMES))
    return median(sizes), all(bold)


def _placement(page: PdfPage) -> tuple[Callable[[float, float, float, float], _Box], float]:
    """Return a function from a rectangle in the page's own coordinates to a box, and the angle of level text."""
    width, height = (round(_FINE * side) for side in page.get_size())

    def point(x: float, y: float) -> tuple[float, float]:
        right, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, right, down)
        return right.value / _FINE, down.value / _FINE

    (x, y), (x_right, y_right), (x_up, y_up) = point(0, 0), point(1000, 0), point(0, 1000)
    a, b, c, d = (x_right - x) / 1000, (y_right - y) / 1000, (x_up - x) / 1000, (y_up - y) / 1000

    def place(left: float, top: float, right: float, bottom: float) -> _Box:
        x0, x1 = a * left + c * top + x, a * right + c * bottom + x
        y0, y1 = b * left + d * top + y, b * right + d * bottom + y
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    return place, -math.radians(page.get_rotation())
