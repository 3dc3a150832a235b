"""Questions that look answerable and are not: a thing in a question is changed, so that its paragraph does not tell.

What Rajpurkar, Jia and Liang, "Know What You Don't Know" (2018), found in questions that people wrote for this, as far
as rules make it: other names and numbers, opposites, denials, and other things of the same kind.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Literal

from embeddings.encoder import Encoder
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems, terms
from training.questions import Question, Questions
from training.reworded import ALIKE
from training.wordnet import Part, Relation, Wordnet

TRIED = 5  # changes, until one is good
_NAME = re.compile(r"(?<!^)(?<![.!?:“\"] )\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?\b")
_KINDS = {"name": _NAME, "year": _YEAR, "number": _NUMBER}
_WORD = re.compile(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])")
_SMALL = re.compile(r"\b[a-z][\w’'-]+")
_VERB = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|could|would)\b")

Way = Literal["elsewhere", "nearby", "opposite", "sister", "denied"]


class Alterations:
    """Changes one thing in a question, in one of the ways that are named."""

    def __init__(self, data: Questions, wordnet: Wordnet, encoder: Encoder) -> None:
        self._paragraphs = data.paragraphs
        self._wordnet = wordnet
        self._encoder = encoder
        pools: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        # What is also written small is no name, or one that does not tell.
        self._small = {word for paragraph in data.paragraphs for word in _SMALL.findall(paragraph.text)}
        for paragraph in data.paragraphs:
            for kind in _KINDS:
                pools[paragraph.file, paragraph.title, kind].update(self._named(kind, paragraph.text))
        self._pools: dict[tuple[str, str, str], Sequence[str]] = {key: sorted(pool) for key, pool in pools.items()}
        self._ways: Mapping[Way, Callable[[Question, random.Random], Iterator[str]]] = {
            "elsewhere": self._elsewhere,
            "nearby": self._nearby,
            "opposite": self._opposite,
            "sister": self._sister,
            "denied": self._denied,
        }

    def alter(self, question: Question, ways: Mapping[Way, float], chance: random.Random) -> str | None:
        """The question with one thing changed; None where there is nothing to change.

        The ways are tried in an order drawn by their weights (Efraimidis and Spirakis, 2006).
        """
        order = sorted(ways, key=lambda way: chance.random() ** (1 / ways[way]), reverse=True)
        return next(chain.from_iterable(self._ways[way](question, chance) for way in order), None)

    def _elsewhere(self, question: Question, chance: random.Random) -> Iterator[str]:
        """A name or number of the paragraph gives way to one that it does not have."""
        paragraph = self._paragraphs[question.paragraph]
        for match, kind in self._shared(question, _KINDS, chance):
            pool = self._pools[paragraph.file, paragraph.title, kind]
            for other in chance.choices(pool, k=TRIED) if pool else ():
                if other not in paragraph.text:
                    yield _put(question.text, match, other)

    def _nearby(self, question: Question, chance: random.Random) -> Iterator[str]:
        """A name of the paragraph gives way to another of its names, which is not the answer."""
        text = self._paragraphs[question.paragraph].text
        told = " ".join([question.text, *(text[start:end] for start, end in question.spans)])
        others = [one for one in self._named("name", text) if one not in told]
        for match, _ in self._shared(question, ("name",), chance):
            if others:
                yield _put(question.text, match, chance.choice(others))

    def _opposite(self, question: Question, chance: random.Random) -> Iterator[str]:
        return self._replaced(question, Part.opposites, chance)

    def _sister(self, question: Question, chance: random.Random) -> Iterator[str]:
        """A word gives way to another of its kind, where the encoder finds that this asks for something else."""
        for text in islice(self._replaced(question, Part.sisters, chance), TRIED):
            one, other = self._encoder.encode([question.text, text], "query")
            if one @ other < ALIKE:
                yield text

    def _denied(self, question: Question, _: random.Random) -> Iterator[str]:
        for match in islice(_VERB.finditer(question.text), 1):
            yield _put(question.text, match, f"{match.group()}n't")

    def _replaced(self, question: Question, relation: Relation, chance: random.Random) -> Iterator[str]:
        """The question with a word changed for one in that relation to it which its paragraph does not have."""
        there = set(stems(self._paragraphs[question.paragraph].text))
        words = [one for one in _WORD.finditer(question.text) if STOP_WORDS.isdisjoint(terms(one.group()))]
        for match in chance.sample(words, len(words)):
            others = [o for o in self._wordnet.related(match.group(), relation) if there.isdisjoint(stems(o))]
            if others:
                yield _put(question.text, match, chance.choice(others))

    def _shared(
        self, question: Question, kinds: Iterable[str], chance: random.Random
    ) -> list[tuple[re.Match[str], str]]:
        """What the question has in common with its paragraph, of each kind, in any order."""
        text = self._paragraphs[question.paragraph].text
        found = [(m, kind) for kind in kinds for m in _KINDS[kind].finditer(question.text) if m.group() in text]
        return chance.sample(found, len(found))

    def _named(self, kind: str, text: str) -> list[str]:
        found = dict.fromkeys(_KINDS[kind].findall(text))
        return [one for one in found if one.lower() not in self._small]


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
