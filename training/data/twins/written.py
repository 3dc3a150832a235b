"""Twin examples from patterns: a passage on two similar entities, each with a fact that the other one lacks."""

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
_SURNAME = 0.6  # probability that a person who was named before is named by surname
_PERSON = re.compile(r"\A[A-Z]\w+ [A-Z]\w+")
_FILLERS = 2  # maximum number of unrelated sentences in a passage


@dataclass(frozen=True)
class Fact:
    """A fact about an entity; ``by`` is its sentence pattern, with ``{a}`` for the name and ``{v}`` for the value."""

    name: str
    by: str
    value: str
    relation: str


class Written:
    """Generates passages from patterns, with answerable and unanswerable questions about their two entities."""

    def __init__(self, values: ValueSampler, fillers: Sequence[str], path: Path = PATTERNS) -> None:
        self._kinds: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        self._values = values
        self._fillers = fillers
        # Relations with values of the same type are easily confused, such as the places of birth and of death.
        self._alike = [
            (kind, group) for kind in self._kinds for group in _groups(self._kinds[kind]["relations"]) if len(group) > 1
        ]

    def make(self, chance: random.Random) -> Iterator[Item]:
        """Yield up to two unanswerable and up to two answerable questions about one new passage."""
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
    """Return the facts to state, as (name, relation): the two given ones and, at random, others of either or both."""
    told = [first, second]
    more = [key for key in relations if key not in {first[1], second[1]}]
    if more and chance.random() < 0.5:
        told.append((chance.choice([first[0], second[0]]), chance.choice(more)))
    if more and chance.random() < 0.25:
        key = chance.choice(more)
        told += [(first[0], key), (second[0], key)]
    return list(dict.fromkeys(told))


def _groups(relations: Mapping[str, Any]) -> list[list[str]]:
    """Return the relations grouped by the type of their values."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, relation in relations.items():
        groups[relation["value"] if isinstance(relation["value"], str) else "list"].append(key)
    return list(groups.values())


def _sentences(facts: Sequence[Fact], chance: random.Random) -> Iterator[str]:
    """Yield sentences that state the facts of one entity, each with one fact or with two."""
    left = list(facts)
    while left:
        fact = left.pop(0)
        again = len(left) + 1 < len(facts) and _PERSON.fullmatch(fact.name) and chance.random() < _SURNAME
        sentence = fact.by.format(a=fact.name.split()[-1] if again else fact.name, v=fact.value)
        if left and left[0].by.startswith("{a} ") and fact.by.startswith("{a} ") and chance.random() < 0.6:
            more = left.pop(0)
            sentence += f"{chance.choice([' and', ', and'])} {more.by.removeprefix('{a} ').format(v=more.value)}"
        yield f"{sentence}."
