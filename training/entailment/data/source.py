"""Sentences of training paragraphs, each with its neighbours, from which pairs are made."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.data.edits import sentences
from training.data.rows import Row

_LEAST, _MOST = 5, 36  # words of a sentence
_WHOLE = re.compile(r"""^["“']?[A-Z0-9].*[.]["”']?$""", re.DOTALL)
_SMALL_FIRST = {
    "the", "a", "an", "in", "on", "at", "by", "for", "from", "with", "this", "that", "these", "those", "it", "he",
    "she", "they", "its", "his", "her", "their", "there", "one", "some", "many", "most", "all", "both", "each",
    "every", "no", "after", "before", "during", "under", "over", "as", "since", "although", "while", "when", "if",
    "however", "also", "and", "but", "of", "to", "such", "we", "you", "our", "another", "other", "several",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A sentence, with the sentences before and after it in its paragraph, and its page."""

    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    page: str

    @property
    def body(self) -> str:
        """The sentence as the end of a longer one: without its full stop, its first word in lower case if common."""
        text = self.text.rstrip(".")
        return small(text)

    def premise(self, text: str, chance: random.Random) -> str:
        """Return ``text`` in place of the sentence, alone or with some of its neighbours."""
        drawn = chance.random()
        most = 0 if drawn < 0.4 else 1 if drawn < 0.65 else 2 if drawn < 0.85 else 5
        before, after = chance.randint(0, most), chance.randint(0, most)
        return " ".join([*(self.before[-before:] if before else ()), text, *self.after[:after]])


def small(text: str) -> str:
    """Return a text with its first word in lower case, if that is a word that is not a name."""
    first = text.partition(" ")[0]
    return text[0].lower() + text[1:] if first.lower() in _SMALL_FIRST else text


def large(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sources(rows: Sequence[Row]) -> Iterator[Source]:
    """Yield the usable sentences of the paragraphs of some rows, each once."""
    pages = {row.context: row.page or row.file for row in rows}
    for context, page in pages.items():
        every = [" ".join(context[start:end].split()) for start, end in sentences(context)]
        for i, text in enumerate(every):
            if _LEAST <= len(text.split()) <= _MOST and _WHOLE.match(text) and text.count('"') % 2 == 0:
                yield Source(text, tuple(every[:i]), tuple(every[i + 1 :]), page)
