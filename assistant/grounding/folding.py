"""Texts as browsers compare them with a text fragment: no white space, no case, no accents, one form of each digit.

A text is folded by tables, not character by character: articles of megabytes are cited while people wait.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article, Entry

_BLOCK = 4_096  # characters that are folded at a time, and again where it is asked from which of them a letter comes
_REMEMBERED = 8_000_000  # characters of all texts that are kept; each is kept twice, as it is and folded

# What a collator takes for the same, where neither decomposition nor the character's name tells it.
_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"')
    | {"æ": "ae", "œ": "oe", "ð": "d", "ß": "ss", "\u0629": "\u0647", "\u0649": "\u064a", "\u0640": ""}
)


class Folded:
    """A text and its ``letters`` as they compare; of each it can be told where in the text it comes from."""

    def __init__(self, text: str) -> None:
        """Takes time and memory in proportion to the text."""
        self.text = text
        blocks = [_letters(text[first : first + _BLOCK]) for first in range(0, len(text) + 1, _BLOCK)]
        self.letters = "".join(blocks)
        self._before = [0, *accumulate(map(len, blocks))]  # letters before each block
        self._origin = lru_cache(maxsize=16)(lambda block: _TABLE.origin(text[block * _BLOCK : (block + 1) * _BLOCK]))

    def at(self, offset: int) -> int:
        """The first letter that comes from the offset or from behind it."""
        block = offset // _BLOCK
        return self._before[block] + int(np.searchsorted(self._origin(block), offset - block * _BLOCK))

    def ends(self, first: int, behind: int) -> tuple[int, int]:
        """Where in the text the letters begin and end."""
        return self._offset(first), self._offset(behind - 1) + 1

    def _offset(self, letter: int) -> int:
        block = bisect_right(self._before, letter) - 1
        return block * _BLOCK + int(self._origin(block)[letter - self._before[block]])


class FoldedTexts:
    """The texts that were folded last, by revision. Safe to share between threads."""

    def __init__(self) -> None:
        """None yet."""
        self._texts: LRUCache[str, Folded] = LRUCache(_REMEMBERED, getsizeof=_size)
        self._lock = Lock()

    def of(self, article: Entry, read: Callable[[str], Article]) -> Folded | None:
        """The article's text; None where ``read`` does not give it any more, because it was removed or replaced."""
        with self._lock:
            if found := self._texts.get(article.revision):
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
        return folded


def _size(folded: Folded) -> int:
    return min(len(folded.text), _REMEMBERED)  # a text that is longer than all may be is kept, alone


_LOWER = bytes(range(128)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not 32 < code < 127)


def _letters(text: str) -> str:
    if text.isascii():  # most of most texts: ten times as fast
        return text.encode().translate(_LOWER + bytes(128), _NO_LETTERS).decode()
    return _TABLE.letters(text)


class _Table:
    """What every character folds to, filled in as characters come."""

    def __init__(self) -> None:
        self._length = np.zeros(0x110000, np.uint8)  # of what it folds to, plus one; 0 where that is not known yet
        self._start = np.zeros(0x110000, np.uint32)  # of it in the letters
        self._letters = np.empty(0, "<u4")
        self._lock = Lock()

    def letters(self, text: str) -> str:
        """A short text, folded."""
        codes, length = self._known(text)
        kept = length > 0
        place, times = self._start[codes[kept]].astype(np.int64), length[kept]
        if (times > 1).any():
            before = np.cumsum(times) - times
            place = np.repeat(place - before, times) + np.arange(times.sum())
        return self._letters[place].tobytes().decode("utf-32-le", "surrogatepass")

    def origin(self, text: str) -> NDArray[np.int64]:
        """The offset in a short text that each of its letters comes from."""
        _, length = self._known(text)
        return np.repeat(np.arange(len(length)), length)

    def _known(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        if not self._length[codes].all():
            self._learn(codes)
        return codes, self._length[codes].astype(np.int64) - 1

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
