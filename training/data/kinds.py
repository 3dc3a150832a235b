"""Registry of the kinds of training examples and of the functions that make them."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from embeddings.encoder import Encoder
from training.data.cuts import cut
from training.data.edits import sentences
from training.data.entities import Things
from training.data.exchanges import Exchanges
from training.data.item import Item, item
from training.data.neighbours import Neighbours
from training.data.relations import Relations
from training.data.rows import SENTENCES, Row
from training.data.sisters import Sisters
from training.data.transfers import Transfers
from training.data.twins.found import FoundTwin
from training.data.twins.values import ValueSampler
from training.data.twins.written import Written
from training.reworded import Rewordings
from training.wordnet import Wordnet, WordnetFiles

WRITTEN = "twins_written"  # the kind that is made from patterns, not from rows
Make = Callable[[Row, random.Random], Iterator[Item]]
_REVIEWS = ("squadshifts_amazon", "squadshifts_reddit")  # reviews and posts, which seldom name their subject
_TEMPLATED = ("qasrl_gs",)  # generic questions, which nearly any passage answers
_TOGETHER = (2, 5)  # least and most sentences that are joined to a passage where contexts are single sentences


class Kinds:
    """Makes the examples of each kind; expensive indexes are built on first use."""

    def __init__(self, rows: Sequence[Row], encoder: Encoder, wordnet: WordnetFiles) -> None:
        self._rows = rows
        self._asked = [row for row in rows if row.spans]
        self._named = [row for row in self._asked if row.file not in (*_REVIEWS, *_TEMPLATED)]
        self._encoder = encoder
        self._wordnet = wordnet

    def of(self, kind: str) -> tuple[Make, Sequence[Row]]:
        """Return the function that makes examples of a kind, and the rows to call it with."""
        rows = {"asked": self._rows, "reworded": self._rows}
        rows |= dict.fromkeys(("exchanged", "twins", "sister", "transferred"), self._named)
        return _MAKERS[kind](self), rows.get(kind.partition("_")[0], self._asked)

    @cached_property
    def written(self) -> Written:
        """Generator of twin examples from patterns."""
        people = [name for name in self._things.named("person") if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name)]
        towns = [name for name in self._things.named("place", 3) if re.fullmatch(r"[A-Z][a-z]{3,}", name)]
        return Written(ValueSampler(people, towns), _fillers(self._asked, self._things))

    @cached_property
    def _things(self) -> Things:
        return Things([row.context for row in self._asked], self._wordnet)

    @cached_property
    def exchanges(self) -> Exchanges:
        """Generator of examples with a replaced entity."""
        return Exchanges(self._asked, self._things)

    @cached_property
    def found(self) -> FoundTwin:
        """Generator of twin examples from real sentences."""
        return FoundTwin(self._named, self._things, self.exchanges, self._encoder)

    @cached_property
    def sisters(self) -> Sisters:
        """Generator of examples with nouns exchanged for sister terms."""
        return Sisters(Wordnet(self._wordnet), self._encoder)

    @cached_property
    def _rewordings(self) -> Rewordings:
        return Rewordings(Wordnet(self._wordnet), self._encoder)

    @cached_property
    def transfers(self) -> Transfers:
        """Generator of questions of other articles."""
        return Transfers(self._named, self._things, self._encoder)

    @cached_property
    def neighbours(self) -> Neighbours:
        """Generator of examples with another passage than their own."""
        return Neighbours(self._asked)

    @cached_property
    def _pages(self) -> Mapping[str, list[str]]:
        """Sentences of each article, for the files whose contexts are single sentences."""
        pages: dict[str, list[str]] = {}
        for page, context in dict.fromkeys((row.page, row.context) for row in self._rows if row.file in SENTENCES):
            pages.setdefault(page, []).append(context)
        return pages

    def reworded(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the row's question with words replaced by synonyms; it stays answerable, or unanswerable."""
        if text := self._rewordings.reword(row.question, chance):
            yield item("reworded", row.file, text, row.context, row.spans)

    def given(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the row unchanged; a single-sentence context is joined with others of its article."""
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
    """Return self-contained sentences that name a place and no person, to pad generated passages with."""
    found = list[str]()
    for context in dict.fromkeys(row.context for row in rows if row.file == "squad_train_union"):
        for start, end in sentences(context)[:2]:
            one = context[start:end]
            kinds = [thing.kind for thing in things.of(one)]
            if 50 <= len(one) <= 200 and "place" in kinds and "person" not in kinds and re.match(r"In |On |The ", one):
                found.append(one)
    return found


# Functions, so that the slow indexes of passages and names are built only for the kinds that need them.
_MAKERS: Mapping[str, Callable[[Kinds], Make]] = {
    "asked": lambda kinds: kinds.given,
    "neighbour": lambda kinds: kinds.neighbours.of,
    "unlabelled": lambda kinds: kinds.neighbours.unlabelled,
    "cut": lambda _: cut,
    "exchanged_question": lambda kinds: kinds.exchanges.question,
    "exchanged_passage": lambda kinds: kinds.exchanges.passage,
    "relation_question": lambda _: Relations().question,
    "relation_passage": lambda _: Relations().passage,
    "denied": lambda _: Relations().denied,
    "sister_question": lambda kinds: kinds.sisters.question,
    "sister_passage": lambda kinds: kinds.sisters.passage,
    "reworded": lambda kinds: kinds.reworded,
    "transferred": lambda kinds: kinds.transfers.question,
    "twins_renamed": lambda kinds: kinds.found.renamed,
    "twins_doubled": lambda kinds: kinds.found.doubled,
    "twins_paired": lambda kinds: kinds.found.paired,
}
KINDS = tuple(_MAKERS)
