"""Builds the token pool from examples."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from assistant.reading.tokens import MAX_QUESTION_TOKENS, MAX_TITLE_TOKENS
from training.data.item import Item
from training.examples import terse
from training.pool.arrays import ANSWERED, NOT_ANSWERED, UNLABELLED, Pool
from training.pool.page_context import PageIndex
from training.pool.texts import Texts, ends

_UNTOLD = "unlabelled"  # the kind of items whose answerability is unknown
_NEAR = ("neighbour", "searched")  # kinds of items whose passage can be the second one of a question

Span = tuple[int, int]


@dataclass(frozen=True)
class Forms:
    """Options of how readings are made from examples.

    ``heading`` is the probability that a passage has its page's title as heading, ``terse`` the probability that the
    question of a packed reading is reduced to its content words. Of a passage longer than ``window`` tokens, only a
    window is read.
    """

    heading: float = 0.6
    terse: float = 0.08
    window: int = 288


class _Reading(NamedTuple):
    """A row of the pool's arrays of readings; see :class:`Pool`."""

    question: int
    heading: int
    pieces: list[tuple[int, int, int]]
    spans: list[Span]
    label: int


class Builder:
    """Collects items and tokenizes them; :meth:`pool` returns the arrays."""

    def __init__(self, tokenizer: Tokenizer, around: PageIndex, forms: Forms, seed: int) -> None:
        self._texts = Texts(tokenizer)
        self._around = around
        self._forms = forms
        self._seed = seed
        self._items: list[Item] = []
        self._readings: list[_Reading] = []

    def add(self, items: Sequence[Item]) -> None:
        """Add items, each with two readings: the original passage, and packed with adjacent paragraphs."""
        self._texts.add(["", *(text for one in items for text in (one.example.question, _passage(one)))])
        for one in items:
            chance = random.Random(f"{self._seed} {one.kind} {one.example}")  # noqa: S311  repeatable
            self._items.append(one)
            self._readings += (self._reading(one, chance, packed=packed) for packed in (False, True))

    def pool(self) -> Pool:
        """Return the pool of all items that were added."""
        readings = self._readings
        kinds, kind = np.unique([one.kind for one in self._items], return_inverse=True)
        sources, source = np.unique([one.file for one in self._items], return_inverse=True)
        return Pool(
            tokens=self._texts.tokens(),
            texts=self._texts.ends(),
            question=np.array([one.question for one in readings], np.int32),
            heading=np.array([one.heading for one in readings], np.int32),
            pieces=np.array([piece for one in readings for piece in one.pieces], np.int32),
            pieces_at=ends(len(one.pieces) for one in readings),
            spans=np.array([span for one in readings for span in one.spans], np.int32).reshape(-1, 2),
            spans_at=ends(len(one.spans) for one in readings),
            label=np.array([one.label for one in readings], np.int8),
            readings=np.arange(len(readings), dtype=np.int32).reshape(-1, 2),
            near=np.array(self._near(), np.int32),
            kind=kind.astype(np.int16),
            source=source.astype(np.int16),
            kinds=kinds,
            sources=sources,
        )

    def _near(self) -> list[int]:
        """Return the number of an item with a non-answering passage for each original answerable item; else -1."""
        keys = [(one.file, one.example.question) for one in self._items]
        near = {key: i for i, (key, one) in enumerate(zip(keys, self._items, strict=True)) if one.kind in _NEAR}
        asked = (one.kind == "asked" and one.answerable for one in self._items)
        return [near.get(key, -1) if wanted else -1 for key, wanted in zip(keys, asked, strict=True)]

    def _reading(self, one: Item, chance: random.Random, *, packed: bool) -> _Reading:
        """Return a reading of an item; if ``packed``, with the adjacent paragraphs of its passage."""
        place, passage = self._around.place(one), _passage(one)
        before, after = self._around.packed(one, place, chance) if packed and place else ([], [])
        title = place.title if place and chance.random() < self._forms.heading else ""
        short = packed and chance.random() < self._forms.terse
        question = terse(one.example.question) if short else one.example.question
        given = one.example.readings[0].spans
        spans = [tokens for span in given if (tokens := self._texts.span(passage, span))]
        size = self._texts.size(passage)
        first, length = self._first(size, spans, chance), min(size, self._forms.window)
        shift = sum(self._texts.size(text) for text in before) - first
        kept = {(start + shift, end + shift) for start, end in spans if first <= start and end < first + length}
        return _Reading(
            question=self._texts.number(question, MAX_QUESTION_TOKENS),
            heading=self._texts.number(title, MAX_TITLE_TOKENS),
            pieces=[
                *(self._whole(text) for text in before),
                (self._texts.number(passage), first, length),
                *(self._whole(text) for text in after),
            ],
            spans=sorted(kept),
            label=UNLABELLED if one.kind == _UNTOLD else ANSWERED if kept else NOT_ANSWERED,
        )

    def _whole(self, text: str) -> tuple[int, int, int]:
        """Return a whole text as a piece of a passage."""
        return self._texts.number(text), 0, self._texts.size(text)

    def _first(self, size: int, spans: Sequence[Span], chance: random.Random) -> int:
        """Return the random first token of a long passage's window, which has an answer if there is one."""
        most = max(0, size - self._forms.window)
        if not most:
            return 0
        start, end = chance.choice(spans) if spans else (size, 0)
        lowest, highest = max(0, end + 1 - self._forms.window), min(start, most)
        return chance.randint(min(lowest, highest), highest)


def _passage(one: Item) -> str:
    """Return the only passage of an item."""
    (reading,) = one.example.readings
    return reading.passage
