"""All the ways in which examples are made, and how many of each."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from embeddings.encoder import Encoder
from training.data.cuts import cut
from training.data.edits import sentences
from training.data.exchanges import Exchanges
from training.data.item import Item, item
from training.data.neighbours import Neighbours
from training.data.relations import Relations
from training.data.rows import SENTENCES, Row
from training.data.things import Things
from training.data.twins.found import Found
from training.data.twins.values import Values
from training.data.twins.written import Written

Make = Callable[[Row, random.Random], Iterator[Item]]
_REVIEWS = ("squadshifts_amazon", "squadshifts_reddit")  # are about things that they hardly name
_TEMPLATED = ("qasrl_gs",)  # ask for something of somebody: nearly any passage answers
_TOGETHER = (2, 5)  # sentences that make a passage, where contexts are single ones


class Kinds:
    """Makes the examples of each kind."""

    def __init__(self, rows: Sequence[Row], encoder: Encoder, wordnet: Path | None) -> None:
        self.rows = rows
        self._asked = [row for row in rows if row.spans]
        self._pages: dict[str, list[str]] = {}
        for page, context in dict.fromkeys((row.page, row.context) for row in rows if row.file in SENTENCES):
            self._pages.setdefault(page, []).append(context)
        things = Things([row.context for row in self._asked], wordnet)
        exchanges, relations = Exchanges(self._asked, things), Relations()
        named = [row for row in self._asked if row.file not in (*_REVIEWS, *_TEMPLATED)]
        found = Found(named, things, exchanges, encoder)
        self.of_rows: Mapping[str, tuple[Make, Sequence[Row]]] = {
            "asked": (self._given, rows),
            "neighbour": (Neighbours(self._asked).of, self._asked),
            "cut": (cut, self._asked),
            "exchanged_question": (exchanges.question, named),
            "exchanged_passage": (exchanges.passage, named),
            "relation_question": (relations.question, self._asked),
            "relation_passage": (relations.passage, self._asked),
            "denied": (relations.denied, self._asked),
            "twins_renamed": (found.renamed, named),
            "twins_doubled": (found.doubled, named),
            "twins_paired": (found.paired, named),
        }
        people = [name for name in things.named("person") if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name)]
        towns = [name for name in things.named("place", 3) if re.fullmatch(r"[A-Z][a-z]{3,}", name)]
        self.twins = Written(Values(people, towns), _fillers(self._asked, things))

    def _given(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """The question as it is there; a single sentence with some others of its article."""
        if row.file not in SENTENCES or row.file in _TEMPLATED:
            yield item("asked", row.file, row.question, row.context, row.spans)
            return
        page = self._pages[row.page]
        here = page.index(row.context)
        most = chance.randint(*_TOGETHER)
        first = chance.randint(max(0, here - most + 1), here)
        before = " ".join([*page[first:here], ""]).lstrip()
        spans = [(start + len(before), end + len(before)) for start, end in row.spans]
        yield item("asked", row.file, row.question, before + " ".join(page[here : first + most]), spans)


def _fillers(rows: Sequence[Row], things: Things) -> list[str]:
    """Sentences that name something, stand for themselves and tell of no person."""
    found = list[str]()
    for context in dict.fromkeys(row.context for row in rows if row.file == "squad_train_union"):
        for start, end in sentences(context)[:2]:
            one = context[start:end]
            kinds = [thing.kind for thing in things.of(one)]
            if 50 <= len(one) <= 200 and "place" in kinds and "person" not in kinds and re.match(r"In |On |The ", one):
                found.append(one)
    return found
