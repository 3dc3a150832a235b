"""Context of an example's passage: the title of its page, and the adjacent paragraphs to pack with it."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from training.data.answerability import ASKED, answers, covers
from training.data.item import Item
from training.data.rows import SENTENCES, Row
from training.examples import PACKED


class PassagePosition(NamedTuple):
    """Position of a passage: its page, its index among the page's passages, and the page's title."""

    page: str
    number: int
    title: str


class PageIndex:
    """Index of the passages of every page, in order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._pages: dict[str, list[str]] = {}
        self._places: dict[str, PassagePosition] = {}
        self._rows = {(row.file, row.question): row for row in rows}
        for row in rows:
            if row.page and row.file not in SENTENCES and row.context not in self._places:
                page = self._pages.setdefault(row.page, [])
                self._places[row.context] = PassagePosition(row.page, len(page), row.title)
                page.append(row.context)

    def place(self, one: Item) -> PassagePosition | None:
        """Return the position of an item's passage, or of the original one if it was changed; None if unknown."""
        row = self._rows.get((one.file, one.example.question))
        here = self._places.get(one.example.readings[0].passage)
        return here or (self._places.get(row.context) if row else None)

    def packed(self, one: Item, place: PassagePosition, chance: random.Random) -> tuple[list[str], list[str]]:
        """Return the paragraphs before and after that are packed with a passage, to about ``PACKED`` characters.

        Paragraphs that may answer the question are not packed with a passage that does not.
        """
        page = self._pages[place.page]
        first = last = place.number
        length = len(one.example.readings[0].passage)
        while length < PACKED:
            around = [i for i in (first - 1, last + 1) if 0 <= i < len(page)]
            fits = [i for i in around if length + len(page[i]) <= 1.2 * PACKED and self._silent(one, page[i])]
            if not fits:
                break
            taken = chance.choice(fits)
            first, last, length = min(first, taken), max(last, taken), length + len(page[taken])
        return page[first : place.number], page[place.number + 1 : last + 1]

    def _silent(self, one: Item, text: str) -> bool:
        """True if a paragraph may be packed with an item: it does not make an unanswerable one answerable."""
        if one.answerable:
            return True
        row = self._rows.get((one.file, one.example.question))
        return covers(text, one.example.question) < ASKED and not (row and answers(text, row.answers))
