"""Twin examples from real sentences: the passage states the requested fact of another entity of the same kind.

``renamed``: the answering sentence is about another entity, and the rest of the passage is still about the first one.
``doubled``: a copy of the answering sentence about another entity, with another value, is added or replaces it.
``paired``: the answering sentence is replaced by the one that answers a similar question about another entity.
"""

import random
import re
from collections.abc import Iterator, Sequence

import numpy as np

from embeddings.encoder import Encoder
from training.data.answerability import ASKED, answers, content, covers
from training.data.edits import Span, edit, holding, places, sentences
from training.data.entities import NAMES, Thing, Things
from training.data.exchanges import Exchanges, distinct
from training.data.item import Item, item
from training.data.rows import Row

# First words of sentences that refer back to earlier ones.
_BACK = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|There|But|And|However)\b")
_ALIKE = 0.85  # minimum cosine similarity of two questions, with masked names, that ask for the same relation
# Names that mask those of a question before it is encoded.
_MASKS = {"person": "Mary Smith", "place": "Springfield", "name": "Acme"}
_LEAST = 1  # minimum number of content words of a question besides the name


class FoundTwin:
    """Makes twin examples from the passages of rows."""

    def __init__(self, rows: Sequence[Row], things: Things, exchanges: Exchanges, encoder: Encoder) -> None:
        self._things = things
        self._exchanges = exchanges
        self._pairs = [(row, one) for row in rows for one in self._about(row)]
        self._number = {row: number for number, (row, _) in enumerate(self._pairs)}
        self._asked = encoder.encode([_of(row.question, one, _MASKS[one.kind]) for row, one in self._pairs], "query")

    def renamed(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the renamed passage with the question about the first entity (unanswerable) and about the new one."""
        for one in self._about(row):
            told, rest = self._parted(row)
            left = [span for span in rest if places(row.context[slice(*span)], one.text)]
            other = self._exchanges.other(row, one, chance) if left else None
            spots = [spot for spot in places(row.context, one.text) if holding([told], [spot])]
            silent = all(covers(row.context[slice(*span)], row.question, one.text) < ASKED for span in rest)
            if other and spots and silent and not holding(row.spans, spots):
                changed = edit(row.context, ((start, end, other) for start, end in spots), row.spans)
                here = changed.text[told[0] : told[1] + len(changed.text) - len(row.context)]
                if not any(places(here, word) for word in re.findall(r"\w{3,}", one.text)):
                    yield item("twins_renamed", row.file, row.question, changed.text)
                    yield item("twins_renamed", row.file, _of(row.question, one, other), *changed)
                    return

    def doubled(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the passage with both facts and a question about one of them, chosen at random (answerable).

        Then, if the rest of the passage still names the first entity, yield the passage with only the other fact, and
        the question about the first entity (unanswerable).
        """
        for one in self._about(row):
            told, rest = self._parted(row)
            value = self._value(row)
            sentence = row.context[slice(*told)]
            other = self._exchanges.other(row, one, chance) if value else None
            if not value or not other or _BACK.match(sentence) or len(places(sentence, value.text)) != 1:
                continue
            another = self._exchanges.other(row, value, chance)
            named = places(sentence, one.text)
            if not another or not named or not set(one.text.split()).isdisjoint(value.text.split()) or another == other:
                continue
            spot = places(sentence, value.text)
            twin = edit(sentence, [(*span, other) for span in named] + [(*span, another) for span in spot]).text
            if any(places(twin, word) for word in re.findall(r"\w{3,}", one.text)) or len(places(twin, another)) != 1:
                continue
            both = edit(row.context, [(told[1], told[1], f" {twin}")], row.spans)
            start = told[1] + 1 + places(twin, another)[0][0]
            if chance.random() < 0.5:
                yield item("twins_doubled", row.file, row.question, *both)
            else:
                asked = _of(row.question, one, other)
                yield item("twins_doubled", row.file, asked, both.text, [(start, start + len(another))])
            left = [span for span in rest if places(row.context[slice(*span)], one.text)]
            alone = edit(row.context, [(*told, twin)]).text
            silent = all(covers(row.context[slice(*span)], row.question, one.text) < ASKED for span in rest)
            if left and silent and not answers(alone, row.answers):
                yield item("twins_doubled", row.file, row.question, alone)
            return

    def paired(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the passage with a similar question's answer, for the question (unanswerable) and the similar one."""
        for one in self._about(row):
            told, rest = self._parted(row)
            if row not in self._number:
                continue
            alike = np.flatnonzero(self._asked @ self._asked[self._number[row]] >= _ALIKE)
            twins = [pair for number in alike if self._apart(row, one, pair := self._pairs[number])]
            if not twins or not any(places(row.context[slice(*span)], one.text) for span in rest):
                continue
            twin, _ = chance.choice(twins)
            here = holding(sentences(twin.context), twin.spans)[0]
            changed = edit(row.context, [(*told, twin.context[slice(*here)])])
            silent = all(covers(row.context[slice(*span)], row.question, one.text) < ASKED for span in rest)
            if silent and not answers(changed.text, row.answers) and not _BACK.match(twin.context[here[0] :]):
                shift = told[0] - here[0]
                yield item("twins_paired", row.file, row.question, changed.text)
                spans = [(start + shift, end + shift) for start, end in twin.spans]
                yield item("twins_paired", row.file, twin.question, changed.text, spans)
                return

    def _about(self, row: Row) -> list[Thing]:
        """Return the only name of a question, if exactly one sentence answers and has that name; else nothing."""
        found = [one for one in self._things.of(row.question) if one.kind in NAMES and distinct(one)]
        told = holding(sentences(row.context), row.spans) if len(found) == 1 else []
        if len(told) != 1 or len(content(row.question) - content(found[0].text)) < _LEAST:
            return []
        return [one for one in found if places(row.context[slice(*told[0])], one.text)]

    def _parted(self, row: Row) -> tuple[Span, list[Span]]:
        """Return the answering sentence, and the other sentences."""
        every = sentences(row.context)
        (told,) = holding(every, row.spans)
        return told, [span for span in every if span != told]

    def _value(self, row: Row) -> Thing | None:
        """Return the entity that is the shortest accepted answer; None if that is not exactly one entity."""
        shortest = min(row.answers, key=len)
        found = self._things.of(row.context)
        return next((one for one in found if one.text == shortest and (one.start, one.end) in row.spans), None)

    def _apart(self, row: Row, one: Thing, pair: tuple[Row, Thing]) -> bool:
        """True if a pair has another page, entity (of the same kind) and answer than a row."""
        twin, other = pair
        if twin.page == row.page or other.kind != one.kind:
            return False
        words = set(re.findall(r"\w{3,}", one.text)) & set(re.findall(r"\w{3,}", other.text))
        return not words and other.text not in row.context and not answers(" ".join(twin.answers), row.answers)


def _of(question: str, one: Thing, other: str) -> str:
    """Return the question with every mention of an entity replaced by ``other``."""
    return edit(question, ((start, end, other) for start, end in places(question, one.text))).text
