"""Features of a page's blocks, from which a model tells the main text from what stands around it.

After Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection using Shallow Text Features" (2010): lengths, links and
the neighbours of a block. To these are added its place in the tree, and whether trafilatura takes it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from lxml.etree import _Element
from numpy.typing import NDArray

from assistant.sources.html_tree import PageBlock

Features = NDArray[np.float32]

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…\u3002\uff01\uff1f][\"'”’)\]]*\s*$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TAGS = "p", "li", "tr", "h1", "h2", "h3", "h4", "div", "blockquote", "pre", "figcaption", "span"
_ANCESTORS = (
    *("article", "main", "aside", "nav", "footer", "header", "form", "section", "figure"),
    *("table", "ul", "ol", "blockquote", "dl"),
)
_RUN = 4  # words; longest runs that are looked for in trafilatura's text
_LEVELS = 3  # elements around a block whose text is summed
_ENDS = 50  # blocks from the page's beginning and end that are counted
_OF_NEIGHBOURS = slice(0, 6)  # the first features of each block are also those of the next and the previous one


class WordRuns:
    """All runs of up to four words of a text."""

    def __init__(self, text: str) -> None:
        words = self.words(text)
        self.number = len(words)
        self._runs = {run for length in range(1, _RUN + 1) for run in _runs(words, length)}

    @staticmethod
    def words(text: str) -> list[str]:
        """Return the words of a text in lower case."""
        return _WORD.findall(text.lower())

    def share(self, words: Sequence[str]) -> float:
        """Return the share of the runs of four of some words, or of their only run, that the text has, in [0, 1]."""
        runs = _runs(words, min(_RUN, len(words)))
        return sum(run in self._runs for run in runs) / len(runs) if runs else 0.0


class PageFeatures:
    """Computes the features of a page's blocks.

    Args:
        blocks: the blocks of the page.
        extracted: the main text as trafilatura gives it.
        title: the page's title.
    """

    def __init__(self, blocks: Sequence[PageBlock], extracted: str, title: str) -> None:
        self._blocks = blocks
        self._extracted = WordRuns(extracted)
        self._title = set(WordRuns.words(title))
        self._times = Counter(block.text for block in blocks)
        self._length = sum(len(block.text) for block in blocks)

    def matrix(self) -> Features:
        """Return the features, a row a block; an empty matrix if there is no block."""
        if not self._blocks:
            return np.empty((0, 0), dtype=np.float32)
        own = np.array([self._row(place, block) for place, block in enumerate(self._blocks)], dtype=np.float32)
        near = np.pad(own[:, _OF_NEIGHBOURS], ((1, 1), (0, 0)))
        taken = np.cumsum(own[:, :1] * [[len(block.text)] for block in self._blocks], 0)
        of_page = np.log1p([len(own), self._length, self._extracted.number])
        page = np.tile(of_page, (len(own), 1))
        return np.concatenate([own, near[:-2], near[2:], taken / (taken[-1:] + 1), page], 1, dtype=np.float32)

    def _row(self, place: int, block: PageBlock) -> list[float]:
        """Return what is known of a block alone; what its neighbours' rows repeat comes first."""
        text, words = block.text, WordRuns.words(block.text)
        length, number = len(text), len(words) or 1
        return [
            self._extracted.share(words),
            math.log1p(length),
            block.link_characters / length,
            block.heading,
            block.prose,
            _SENTENCE_END.search(text) is not None,
            math.log1p(len(words)),
            block.verbatim,
            len(re.findall(r"[.!?] ", text)),
            text.count(",") / number,
            sum(map(str.isdigit, text)) / length,
            sum(map(str.isupper, text)) / length,
            sum(map(len, words)) / number,
            text.count("|"),
            text.count("\n"),
            text.endswith(":"),
            "©" in text,
            _YEAR.search(text) is not None,
            self._times[text] > 1,
            len(self._title & set(words)) / (len(self._title | set(words)) or 1),
            place / len(self._blocks),
            min(place, _ENDS),
            min(len(self._blocks) - place, _ENDS),
            *self._around(block),
        ]

    def _around(self, block: PageBlock) -> list[float]:
        """Return where a block stands: its element, those around it, and how much text and links the nearest have."""
        around = list(block.node.iterancestors())
        tags = {node.tag for node in around}
        found: list[float] = [
            len(around),
            *(block.node.tag == tag for tag in _TAGS),
            *(tag in tags for tag in _ANCESTORS),
        ]
        for level in range(_LEVELS):
            text, links, number = self._inside.get(around[level], (0, 0, 0)) if level < len(around) else (0, 0, 0)
            found += [text / self._length, links / (text or 1), math.log1p(number)]
        return found

    @cached_property
    def _inside(self) -> dict[_Element, tuple[int, int, int]]:
        """Characters, characters of links, and number of the blocks at most three levels inside an element."""
        found: dict[_Element, tuple[int, int, int]] = {}
        for block in self._blocks:
            for _, node in zip(range(_LEVELS), block.node.iterancestors(), strict=False):
                text, links, number = found.get(node, (0, 0, 0))
                found[node] = text + len(block.text), links + block.link_characters, number + 1
        return found


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)] if words else []
