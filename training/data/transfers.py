"""Questions of other articles, asked of a person or place that the passage names but does not say this of."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from training.data.answerability import content
from training.data.edits import places
from training.data.entities import Kind, Thing, Things
from training.data.exchanges import distinct, put
from training.data.item import Item, item
from training.data.rows import Row

_WELL_ASKED = ("squad2_calibrate8", "squad2_train9", "squad_train_union", "squadshifts_new_wiki")  # full sentences
_LIKE = 60  # most similar questions that are looked at
_DRAWN_FROM = 3  # of those that can be asked
_KNOWN = 0.34  # highest share of a question's content words, without the name, that the passage may have
_LEAST = 2  # content words beside the name: a question with fewer is too vague


class _Question(NamedTuple):
    """A question with the one entity that it names."""

    row: Row
    thing: Thing
    asked: frozenset[str]


class Transfers:
    """Asks questions of other articles about the people and places of a passage."""

    def __init__(self, rows: Sequence[Row], things: Things, encoder: Encoder) -> None:
        self._things, self._encoder = things, encoder
        questions: defaultdict[tuple[Kind, bool], list[_Question]] = defaultdict(list)
        for row in rows:
            named = [one for one in things.of(row.question) if one.start and distinct(one)]
            if row.file in _WELL_ASKED and len(named) == 1 and named[0].kind in {"person", "place"}:
                asked = content(put(row.question, named[0], ""))
                if len(asked) >= _LEAST:
                    questions[_form(named[0])].append(_Question(row, named[0], asked))
        self._questions = dict(questions)
        self._vectors: dict[tuple[Kind, bool], NDArray[np.float32]] = {
            form: encoder.encode([one.row.question for one in found], "query") for form, found in questions.items()
        }

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield a question like the row's from another article, asked of a name of the passage (unanswerable).

        The passage has few of its other words. The name is one of the row's question, if it has any.
        """
        known = content(row.context)
        named = {one.text: one for one in self._things.of(row.context) if _form(one) in self._questions}
        asked_of = [one for one in named.values() if places(row.question, one.text)] or list(named.values())
        if row.file not in _WELL_ASKED or not asked_of:
            return
        one = chance.choice(asked_of)
        alike = self._vectors[_form(one)] @ self._encoder.encode([row.question], "query")[0]
        near = (self._questions[_form(one)][number] for number in np.argsort(-alike)[:_LIKE])
        silent = [
            other
            for other in near
            if other.row.page != row.page and len(other.asked & known) <= _KNOWN * len(other.asked)
        ]
        if silent:
            other = chance.choice(silent[:_DRAWN_FROM])
            yield item("transferred", row.file, put(other.row.question, other.thing, one.text), row.context)


def _form(one: Thing) -> tuple[Kind, bool]:
    """Return the kind of an entity, and whether it has several words."""
    return one.kind, " " in one.text
