"""What stands around an example's passage: its page's title, and paragraphs that a library would put with it."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from training.data.item import Item
from training.data.rows import SENTENCES, Row
from training.data.told import ASKED, answers, covers
from training.examples import PACKED


class Place(NamedTuple):
    """Where a passage stands: the ``number``-th of its page."""

    page: str
    number: int
    title: str


class Surroundings:
    """Knows every page's passages in their order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._pages: dict[str, list[str]] = {}
        self._places: dict[str, Place] = {}
        self._rows = {(row.file, row.question): row for row in rows}
        for row in rows:
            if row.page and row.file not in SENTENCES and row.context not in self._places:
                page = self._pages.setdefault(row.page, [])
                self._places[row.context] = Place(row.page, len(page), row.title)
                page.append(row.context)

    def place(self, one: Item) -> Place | None:
        """Where the passage of an item stands, or stood before it was changed; None where nobody knows."""
        row = self._rows.get((one.file, one.example.question))
        here = self._places.get(one.example.readings[0].passage)
        return here or (self._places.get(row.context) if row else None)

    def packed(self, one: Item, place: Place, chance: random.Random) -> tuple[list[str], list[str]]:
        """The paragraphs before and after that a library would put into the same passage.

        Beside a passage that does not answer there is none that may.
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
        if one.answerable:
            return True
        row = self._rows.get((one.file, one.example.question))
        return covers(text, one.example.question) < ASKED and not (row and answers(text, row.answers))
