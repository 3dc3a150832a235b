"""Examples made by replacing a named entity, number or date, either in the question or in the passage."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from training.data.answerability import covers
from training.data.edits import edit, holding, places, sentences
from training.data.entities import NAMES, Kind, Thing, Things
from training.data.item import Item, item
from training.data.rows import Row

_TRIED = 8  # candidates drawn per replacement
_NEAR = 0.5  # share of a question's other content words from which a sentence may state the same fact of another entity
_NEVER_SO = ("quot", "amp", "http")  # remnants of markup


class Exchanges:
    """Replaces an entity that a question shares with its passage by another one of the same kind."""

    def __init__(self, rows: Sequence[Row], things: Things) -> None:
        self._things = things
        # Candidates by page (or all pages, under ""), kind, and whether "the" precedes them.
        pools: defaultdict[tuple[str, Kind, bool], dict[str, None]] = defaultdict(dict)
        for row in {row.context: row for row in rows}.values():
            for one in things.of(row.context):
                for page in ("", row.page or row.file):
                    pools[page, one.kind, _the(row.context, one)][one.text] = None
        self._pools = {key: list(pool) for key, pool in pools.items()}

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question about another entity than its passage, which makes it unanswerable.

        The new entity is either absent from the passage or from another sentence of it.
        """
        for one in self._shared(row, chance):
            made = [text for text in (self._nearby(row, one, chance), self.other(row, one, chance)) if text]
            if made:
                other = made[0] if chance.random() < 0.5 else made[-1]
                yield item("exchanged_question", row.file, put(row.question, one, other), row.context)
                return

    def passage(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the passage about another entity: with its question (unanswerable), then with the question adapted."""
        for one in self._shared(row, chance):
            spots = places(row.context, one.text)
            other = self.other(row, one, chance)
            if not other or holding(row.spans, spots):
                continue
            changed = edit(row.context, ((start, end, other) for start, end in spots), row.spans)
            if not _named(changed.text, one):
                yield item("exchanged_passage", row.file, row.question, changed.text)
                yield item("exchanged_passage", row.file, put(row.question, one, other), *changed)
                return

    def other(self, row: Row, one: Thing, chance: random.Random) -> str | None:
        """Return a replacement of the same kind that occurs in neither passage nor question; None if none is found.

        Years are shifted, other amounts get a new first digit; anything else is drawn from the same page if possible,
        else from all pages.
        """
        if one.kind == "year":
            return _absent(row, [str(int(one.text) + chance.choice([-1, 1]) * chance.randint(1, 12))])
        if one.kind in {"money", "percent", "number"}:
            digits = [str(figure) for figure in range(1, 10) if str(figure) not in one.text]
            return _absent(row, [re.sub(r"\d", chance.choice(digits), one.text, count=1)])
        the = _the(row.question, one)
        for page in (row.page or row.file, ""):
            pool = self._pools.get((page, one.kind, the), [])
            tried = chance.sample(pool, min(_TRIED, len(pool)))
            if found := _absent(row, [text for text in tried if fits(one.text, text)]):
                return found
        return None

    def _nearby(self, row: Row, one: Thing, chance: random.Random) -> str | None:
        """Return an entity of the same kind from a sentence of the passage that does not state the same fact of it."""
        every = sentences(row.context)
        telling = " ".join(row.context[start:end] for start, end in holding(every, row.spans))
        asked = " ".join([row.question, telling])
        found = dict.fromkeys(other.text for other in self._things.of(row.context) if other.kind == one.kind)
        others = [text for text in found if fits(one.text, text) and not _mentions(asked, text)]
        for other in chance.sample(others, len(others)):
            about = [row.context[s:e] for s, e in holding(every, places(row.context, other))]
            if places(telling, one.text) and all(covers(text, row.question, one.text) < _NEAR for text in about):
                return other
        return None

    def _shared(self, row: Row, chance: random.Random) -> list[Thing]:
        """Return the entities of the question that its passage names too, in random order."""
        found = [
            one
            for one in self._things.of(row.question)
            if (one.start or one.kind in {"person", "place"}) and distinct(one) and places(row.context, one.text)
        ]
        return chance.sample(found, len(found))


def _the(text: str, one: Thing) -> bool:
    """True if the article "the" precedes an entity."""
    return text[: one.start].lower().endswith("the ")


def distinct(one: Thing) -> bool:
    """True if an entity can be the subject of a question: not a number word or a single digit, which only count."""
    return one.kind != "number" or (one.text[0].isdigit() and len(one.text) > 1)


def fits(one: str, other: str) -> bool:
    """True if ``other`` can replace ``one``: about as many words, the same case, and no significant word in common."""
    shared = {word.lower() for word in re.findall(r"\w+", one)} & {word.lower() for word in re.findall(r"\w+", other)}
    usual = other.lower() not in _NEVER_SO and other.isupper() == one.isupper()
    return usual and not shared - {"of", "the", "million", "billion"} and abs(one.count(" ") - other.count(" ")) <= 1


def _absent(row: Row, texts: Sequence[str]) -> str | None:
    """Return the first of the texts that neither passage nor question mentions; None if there is none."""
    return next((text for text in texts if not _mentions(f"{row.context} {row.question}", text)), None)


def _mentions(text: str, name: str) -> bool:
    """True if a text has a name or one of its capitalised words of three letters or more."""
    return any(places(text, word) for word in re.findall(r"\w{3,}", name) if word[0].isupper()) or name in text


def _named(text: str, one: Thing) -> bool:
    """True if a text names an entity, a part of it, or a word derived from it (Norman, Normandy)."""
    if one.kind not in NAMES:
        return bool(places(text, one.text))
    return any(word[:5] in text for word in re.findall(r"\w{4,}", one.text) if word[0].isupper()) or one.text in text


def put(question: str, one: Thing, other: str) -> str:
    """Return the question with every mention of an entity replaced by ``other``."""
    return edit(question, ((start, end, other) for start, end in places(question, one.text))).text
