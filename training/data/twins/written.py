"""Twins that are written: two things of a kind; one lacks what the other has, and has what is mistaken for it."""

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data.edits import places
from training.data.item import Item, item
from training.data.twins.values import ValueSampler

PATTERNS = Path(__file__).parent / "patterns.toml"
_SURNAME = 0.6  # of people, where they are named again
_PERSON = re.compile(r"\A[A-Z]\w+ [A-Z]\w+")
_FILLERS = 2  # sentences of other texts, at most


@dataclass(frozen=True)
class Fact:
    """What is told of a thing; ``by`` is the pattern of its sentence."""

    name: str
    by: str
    value: str
    relation: str


class Written:
    """Writes pairs of questions: which of two things has what."""

    def __init__(self, values: ValueSampler, fillers: Sequence[str], path: Path = PATTERNS) -> None:
        self._kinds: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        self._values = values
        self._fillers = fillers
        # Relations of a kind whose values are alike, which are mistaken for each other.
        self._alike = [
            (kind, group) for kind in self._kinds for group in _groups(self._kinds[kind]["relations"]) if len(group) > 1
        ]

    def make(self, chance: random.Random) -> Iterator[Item]:
        """Two questions that the passage does not answer, and two that it does."""
        kind, group = chance.choice(self._alike)
        relations = self._kinds[kind]["relations"]
        thing = self._kinds[kind]["thing"]
        has, lacks = chance.sample(group, 2)
        names = [self._values.draw(thing, chance)]
        names.append(self._values.draw(thing, chance, names))
        one, other = names
        facts: dict[str, list[Fact]] = {one: [], other: []}
        used = list(names)
        for name, key in _told((one, has), (other, lacks), list(relations), chance):
            value = self._values.draw(relations[key]["value"], chance, used)
            used.append(value)
            facts[name].append(Fact(name, chance.choice(relations[key]["says"]), value, key))
        for name in names:
            chance.shuffle(facts[name])
        told = [sentence for name in names for sentence in _sentences(facts[name], chance)]
        if len(told) == 2 and chance.random() < 0.3:
            told = [told[0].rstrip(".") + chance.choice([", while ", "; ", ", whereas ", " and "]) + told[1]]
        elif chance.random() < 0.3 and len(told) == 2:
            chance.shuffle(told)
        told = [sentence[0].upper() + sentence[1:] for sentence in told]
        for _ in range(chance.randint(0, _FILLERS)):
            told.insert(chance.randint(0, len(told)), chance.choice(self._fillers))
        passage = " ".join(told)
        for name, key in ((one, lacks), (other, has), (one, has), (other, lacks)):
            question = chance.choice(relations[key]["asks"]).format(a=name)
            values = [fact.value for fact in facts[name] if fact.relation == key]
            spans = [span for value in values for span in places(passage, value)]
            if len(spans) != len(values):
                continue
            yield item("twins_written", f"pattern:{kind}", question[0].upper() + question[1:], passage, spans)


def _told(
    first: tuple[str, str], second: tuple[str, str], relations: list[str], chance: random.Random
) -> list[tuple[str, str]]:
    """What is told of each of two things: its relation, and something else of either or of both."""
    told = [first, second]
    more = [key for key in relations if key not in {first[1], second[1]}]
    if more and chance.random() < 0.5:
        told.append((chance.choice([first[0], second[0]]), chance.choice(more)))
    if more and chance.random() < 0.25:
        key = chance.choice(more)
        told += [(first[0], key), (second[0], key)]
    return list(dict.fromkeys(told))


def _groups(relations: Mapping[str, Any]) -> list[list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, relation in relations.items():
        groups[relation["value"] if isinstance(relation["value"], str) else "list"].append(key)
    return list(groups.values())


def _sentences(facts: Sequence[Fact], chance: random.Random) -> Iterator[str]:
    """What is told of one thing, in a sentence for each or in one for two."""
    left = list(facts)
    while left:
        fact = left.pop(0)
        again = len(left) + 1 < len(facts) and _PERSON.fullmatch(fact.name) and chance.random() < _SURNAME
        sentence = fact.by.format(a=fact.name.split()[-1] if again else fact.name, v=fact.value)
        if left and left[0].by.startswith("{a} ") and fact.by.startswith("{a} ") and chance.random() < 0.6:
            more = left.pop(0)
            sentence += f"{chance.choice([' and', ', and'])} {more.by.removeprefix('{a} ').format(v=more.value)}"
        yield f"{sentence}."
