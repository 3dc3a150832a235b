"""Texts in the folded form in which browsers compare them with a text fragment.

The folded form has no white space, case or accents, and one form of each digit. Text is folded by table and not
character by character, because articles of megabytes are cited while people wait.
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

_BLOCK = 4_096  # characters that are folded at a time, and folded again to map folded characters to offsets
_CACHE_CHARACTERS = 8_000_000  # of all cached texts, each of which is kept twice, as it is and folded

# Characters that a collator takes for the same, where neither their decomposition nor their name shows it.
_EQUIVALENTS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"')
    | {"æ": "ae", "œ": "oe", "ð": "d", "ß": "ss", "\u0629": "\u0647", "\u0649": "\u064a", "\u0640": ""}
)


class FoldedText:
    """A text with its folded form, and the mapping between the offsets of both."""

    def __init__(self, text: str) -> None:
        """Fold a text, in time and memory linear in its length."""
        self.text = text
        blocks = [_fold_block(text[start : start + _BLOCK]) for start in range(0, len(text) + 1, _BLOCK)]
        self.folded = "".join(blocks)
        self._block_starts = [0, *accumulate(map(len, blocks))]  # of each block in the folded form
        self._block_offsets = lru_cache(maxsize=16)(
            lambda block: _TABLE.offsets(text[block * _BLOCK : (block + 1) * _BLOCK])
        )

    def folded_index(self, offset: int) -> int:
        """Return the index of the first folded character that comes from an offset of the text or after it."""
        block = offset // _BLOCK
        within = np.searchsorted(self._block_offsets(block), offset - block * _BLOCK)
        return self._block_starts[block] + int(within)

    def text_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the text that a half-open range of folded characters comes from."""
        return self._offset(start), self._offset(end - 1) + 1

    def _offset(self, index: int) -> int:
        block = bisect_right(self._block_starts, index) - 1
        return block * _BLOCK + int(self._block_offsets(block)[index - self._block_starts[block]])


class FoldedTextCache:
    """The folded texts that were used last, by revision. Safe to share between threads."""

    def __init__(self) -> None:
        self._texts: LRUCache[str, FoldedText] = LRUCache(_CACHE_CHARACTERS, getsizeof=_cached_size)
        self._lock = Lock()

    def get(self, article: Entry, read: Callable[[str], Article]) -> FoldedText | None:
        """Return the folded text of an article; None if it was removed or replaced since.

        Args:
            article: the article at the revision that is wanted.
            read: returns the article with an id, or raises ArticleNotFound.
        """
        with self._lock:
            if cached := self._texts.get(article.revision):
                return cached
        try:
            current = read(article.id)
        except ArticleNotFound:
            return None
        if current.revision != article.revision:
            return None
        folded = FoldedText(current.text)
        with self._lock:
            self._texts[article.revision] = folded
        return folded


def _cached_size(folded: FoldedText) -> int:
    return min(len(folded.text), _CACHE_CHARACTERS)  # A text that is larger than the cache is kept alone.


_ASCII_LOWER = bytes(range(128)).lower()
_ASCII_REMOVED = bytes(code for code in range(128) if not 32 < code < 127)


def _fold_block(text: str) -> str:
    if text.isascii():  # the common case, and ten times as fast
        return text.encode().translate(_ASCII_LOWER + bytes(128), _ASCII_REMOVED).decode()
    return _TABLE.fold(text)


class _FoldTable:
    """The folded form of every character, filled in as characters occur. Safe to share between threads."""

    def __init__(self) -> None:
        self._length = np.zeros(0x110000, np.uint8)  # of the folded form, plus one; 0 if it is not filled in yet
        self._start = np.zeros(0x110000, np.uint32)  # of the folded form in `_folded`
        self._folded = np.empty(0, "<u4")
        self._lock = Lock()

    def fold(self, text: str) -> str:
        """Return the folded form of a short text."""
        codes, length = self._lookup(text)
        kept = length > 0
        index, repeats = self._start[codes[kept]].astype(np.int64), length[kept]
        if (repeats > 1).any():
            before = np.cumsum(repeats) - repeats
            index = np.repeat(index - before, repeats) + np.arange(repeats.sum())
        return self._folded[index].tobytes().decode("utf-32-le", "surrogatepass")

    def offsets(self, text: str) -> NDArray[np.int64]:
        """Return the offset in a short text that each of its folded characters comes from."""
        _, length = self._lookup(text)
        return np.repeat(np.arange(len(length)), length)

    def _lookup(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the code point of each character of a text, and the length of its folded form."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        if not self._length[codes].all():
            self._fill(codes)
        return codes, self._length[codes].astype(np.int64) - 1

    def _fill(self, codes: NDArray[np.uint32]) -> None:
        with self._lock:
            for code in np.unique(codes[self._length[codes] == 0]).tolist():
                folded = np.frombuffer(fold_character(chr(code)).encode("utf-32-le", "surrogatepass"), "<u4")
                self._start[code] = len(self._folded)
                self._folded = np.concatenate([self._folded, folded])
                # The length is set last, because from then on other threads use the entry without the lock.
                self._length[code] = len(folded) + 1


def fold_character(character: str) -> str:
    """Return the folded form of a character: without case, accent, stroke or hook, one form of each digit and kana."""
    folded = ""
    for letter in unicodedata.normalize("NFKD", character).lower().translate(_EQUIVALENTS):
        name = unicodedata.name(letter, "").partition(" WITH ")[0]
        try:
            base = unicodedata.lookup(name.replace("LETTER FINAL ", "LETTER ").replace("KATAKANA", "HIRAGANA"))
        except KeyError:
            base = letter
        if unicodedata.category(letter)[0] not in "MCZ":
            folded += str(unicodedata.decimal(letter, base))
    return folded


_TABLE = _FoldTable()
FOLDED_TEXTS = FoldedTextCache()
