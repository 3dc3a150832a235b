"""A person, a place, a number, a date exchanged, in the question against the passage or in the passage against it."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from training.data.edits import edit, holding, places, sentences
from training.data.item import Item, item
from training.data.rows import Row
from training.data.things import NAMES, Kind, Thing, Things
from training.data.told import covers

_TRIED = 8
_NEAR = 0.5  # of a question's other content words, in a sentence about the other thing: it may tell the same of that
_NEVER_SO = ("quot", "amp", "http")  # what is left of markup


class Exchanges:
    """Exchanges a thing that a question and its passage share for another of its kind."""

    def __init__(self, rows: Sequence[Row], things: Things) -> None:
        self._things = things
        pools: defaultdict[tuple[str, Kind, bool], dict[str, None]] = defaultdict(dict)
        for row in {row.context: row for row in rows}.values():
            for one in things.of(row.context):
                for page in ("", row.page or row.file):
                    pools[page, one.kind, _the(row.context, one)][one.text] = None
        self._pools = {key: list(pool) for key, pool in pools.items()}

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """The question about another thing than its passage tells of: one that is not there, or one that is."""
        for one in self._shared(row, chance):
            made = [text for text in (self._nearby(row, one, chance), self.other(row, one, chance)) if text]
            if made:
                other = made[0] if chance.random() < 0.5 else made[-1]
                yield item("exchanged_question", row.file, _put(row.question, one, other), row.context)
                return

    def passage(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """The passage about another thing than the question asks about; and the question that fits it again."""
        for one in self._shared(row, chance):
            spots = places(row.context, one.text)
            other = self.other(row, one, chance)
            if not other or holding(row.spans, spots):
                continue
            changed = edit(row.context, ((start, end, other) for start, end in spots), row.spans)
            if not _named(changed.text, one):
                yield item("exchanged_passage", row.file, row.question, changed.text)
                yield item("exchanged_passage", row.file, _put(row.question, one, other), *changed)
                return

    def other(self, row: Row, one: Thing, chance: random.Random) -> str | None:
        """A thing of the same kind that neither passage nor question has, of the same page where there is one."""
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
        """A thing of the same kind of another sentence of the passage, of which the same is not told."""
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
        """What the question names and a sentence of the passage that answers, or the passage, does too."""
        found = [
            one
            for one in self._things.of(row.question)
            if (one.start or one.kind in {"person", "place"}) and distinct(one) and places(row.context, one.text)
        ]
        return chance.sample(found, len(found))


def _the(text: str, one: Thing) -> bool:
    return text[: one.start].lower().endswith("the ")


def distinct(one: Thing) -> bool:
    """Whether a thing is one that a question is about; a small number counts what is asked for."""
    return one.kind != "number" or (one.text[0].isdigit() and len(one.text) > 1)


def fits(one: str, other: str) -> bool:
    """Whether one could stand where the other stands: as many words, roughly, and neither a part of the other."""
    shared = {word.lower() for word in re.findall(r"\w+", one)} & {word.lower() for word in re.findall(r"\w+", other)}
    usual = other.lower() not in _NEVER_SO and other.isupper() == one.isupper()
    return usual and not shared - {"of", "the", "million", "billion"} and abs(one.count(" ") - other.count(" ")) <= 1


def _absent(row: Row, texts: Sequence[str]) -> str | None:
    return next((text for text in texts if not _mentions(f"{row.context} {row.question}", text)), None)


def _mentions(text: str, name: str) -> bool:
    """Whether a text has a part of a name."""
    return any(places(text, word) for word in re.findall(r"\w{3,}", name) if word[0].isupper()) or name in text


def _named(text: str, one: Thing) -> bool:
    """Whether a text still names a thing in part, or as something that is derived from it: Norman, Normandy."""
    if one.kind not in NAMES:
        return bool(places(text, one.text))
    return any(word[:5] in text for word in re.findall(r"\w{4,}", one.text) if word[0].isupper()) or one.text in text


def _put(question: str, one: Thing, other: str) -> str:
    """The question with every mention of the thing exchanged."""
    return edit(question, ((start, end, other) for start, end in places(question, one.text))).text
