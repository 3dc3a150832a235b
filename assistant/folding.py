"""Texts as browsers compare them with a text fragment: no white space, no case, no accents, one form of each digit.

A text is folded by tables, not character by character: articles of megabytes are cited while people wait.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from embeddings.article import Article, Entry
from embeddings.errors import ArticleNotFound

# A single line end too: it may be a <br> of the page, which no term matches across.
_BREAK = re.compile(r"[\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_BLOCK = 65_536  # characters that are folded at a time: what it takes meanwhile fits into the processor's cache
_REMEMBERED = 4_000_000  # characters of all texts that are kept; ten bytes or so for each

# What a collator takes for the same, where neither decomposition nor the character's name tells it.
_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"')
    | {"æ": "ae", "œ": "oe", "ð": "d", "ß": "ss", "\u0629": "\u0647", "\u0649": "\u064a", "\u0640": ""}
)


class Folded:
    """A text, its ``letters`` as they compare, and the offset that each of them comes from."""

    def __init__(self, text: str) -> None:
        """Takes time and memory in proportion to the text."""
        self.text = text
        self._lines = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
        blocks = [_TABLE.folded(text, first) for first in range(0, len(text), _BLOCK)]
        self.letters = "".join(letters for letters, _ in blocks)
        self._origin = np.concatenate([np.empty(0, np.uint32), *(origin for _, origin in blocks)])

    def line(self, offset: int) -> tuple[int, int]:
        """Where the line around an offset begins and ends; no term may leave it."""
        number = bisect_right(self._lines, offset)
        return self._lines[number - 1], self._lines[number]

    def at(self, offset: int) -> int:
        """The first letter that comes from the offset or from behind it."""
        return int(np.searchsorted(self._origin, np.uint32(offset)))

    def ends(self, first: int, behind: int) -> tuple[int, int]:
        """Where in the text the letters begin and end."""
        return int(self._origin[first]), int(self._origin[behind - 1]) + 1


class FoldedTexts:
    """The texts that were folded last, by revision. Safe to share between threads."""

    def __init__(self) -> None:
        """None yet."""
        self._texts: OrderedDict[str, Folded] = OrderedDict()
        self._lock = Lock()

    def of(self, article: Entry, read: Callable[[str], Article]) -> Folded | None:
        """The article's text; None where ``read`` does not give it any more, because it was removed or replaced."""
        with self._lock:
            if found := self._texts.get(article.revision):
                self._texts.move_to_end(article.revision)
                return found
        try:
            whole = read(article.id)
        except ArticleNotFound:
            return None
        if whole.revision != article.revision:
            return None
        folded = Folded(whole.text)
        with self._lock:
            self._texts[article.revision] = folded
            while len(self._texts) > 1 and sum(len(one.text) for one in self._texts.values()) > _REMEMBERED:
                self._texts.popitem(last=False)
        return folded


class _Table:
    """What every character folds to, filled in as characters come."""

    def __init__(self) -> None:
        self._length = np.zeros(0x110000, np.uint8)  # of what it folds to, plus one; 0 where that is not known yet
        self._start = np.zeros(0x110000, np.uint32)  # of it in the letters
        self._letters = np.empty(0, "<u4")
        self._lock = Lock()

    def folded(self, text: str, first: int) -> tuple[str, NDArray[np.uint32]]:
        """The letters of the block that begins at an offset, and the offset that each comes from."""
        codes = np.frombuffer(text[first : first + _BLOCK].encode("utf-32-le", "surrogatepass"), "<u4")
        if not self._length[codes].all():
            self._learn(codes)
        length = self._length[codes] - 1
        origin = np.flatnonzero(length)
        length, place = length[origin], self._start[codes[origin]]
        if (length > 1).any():
            before = np.cumsum(length, dtype=np.int64) - length
            place = np.repeat(place - before, length) + np.arange(int(length.sum()))
            origin = np.repeat(origin, length)
        letters = self._letters[place].tobytes().decode("utf-32-le", "surrogatepass")
        return letters, (origin + first).astype(np.uint32)

    def _learn(self, codes: NDArray[np.uint32]) -> None:
        with self._lock:
            for code in np.unique(codes[self._length[codes] == 0]).tolist():
                letters = np.frombuffer(fold(chr(code)).encode("utf-32-le", "surrogatepass"), "<u4")
                self._start[code] = len(self._letters)
                self._letters = np.concatenate([self._letters, letters])
                self._length[code] = len(letters) + 1  # last: now others may use it


def fold(character: str) -> str:
    """What a character compares as: letters without case, accent, stroke or hook, one form of each digit and kana."""
    folded = ""
    for letter in unicodedata.normalize("NFKD", character).lower().translate(_SAME):
        name = unicodedata.name(letter, "").partition(" WITH ")[0]
        try:
            base = unicodedata.lookup(name.replace("LETTER FINAL ", "LETTER ").replace("KATAKANA", "HIRAGANA"))
        except KeyError:
            base = letter
        if unicodedata.category(letter)[0] not in "MCZ":
            folded += str(unicodedata.decimal(letter, base))
    return folded


_TABLE = _Table()
FOLDED = FoldedTexts()
