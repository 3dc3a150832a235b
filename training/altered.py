"""Unanswerable questions: changes one thing in a question, so that its paragraph no longer answers it.

The changes follow the categories of human-written unanswerable questions in Rajpurkar, Jia and Liang, "Know What You
Don't Know" (2018), as far as rules can produce them: other names and numbers, antonyms, negation, and other things of
the same category.
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

TRIED = 5  # candidate changes
_NAME = re.compile(r"(?<!^)(?<![.!?:“\"] )\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?\b")
_KINDS = {"name": _NAME, "year": _YEAR, "number": _NUMBER}
_WORD = re.compile(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])")
_SMALL = re.compile(r"\b[a-z][\w’'-]+")
_VERB = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|could|would)\b")

Way = Literal["elsewhere", "nearby", "opposite", "sister", "denied"]


class Alterations:
    """Changes one thing in a question, in one of several named ways."""

    def __init__(self, data: Questions, wordnet: Wordnet, encoder: Encoder) -> None:
        self._paragraphs = data.paragraphs
        self._wordnet = wordnet
        self._encoder = encoder
        pools: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        # A word that also occurs in lower case is not a name, or not a distinctive one.
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
        """Return the question with one thing changed; None if there is nothing to change.

        The ways are tried in a random order weighted by their values (Efraimidis and Spirakis, 2006).
        """
        order = sorted(ways, key=lambda way: chance.random() ** (1 / ways[way]), reverse=True)
        return next(chain.from_iterable(self._ways[way](question, chance) for way in order), None)

    def _elsewhere(self, question: Question, chance: random.Random) -> Iterator[str]:
        """Replace a name or number that occurs in the paragraph with one that does not."""
        paragraph = self._paragraphs[question.paragraph]
        for match, kind in self._shared(question, _KINDS, chance):
            pool = self._pools[paragraph.file, paragraph.title, kind]
            for other in chance.choices(pool, k=TRIED) if pool else ():
                if other not in paragraph.text:
                    yield _put(question.text, match, other)

    def _nearby(self, question: Question, chance: random.Random) -> Iterator[str]:
        """Replace a name with another one of the paragraph that is in neither the question nor the answers."""
        text = self._paragraphs[question.paragraph].text
        told = " ".join([question.text, *(text[start:end] for start, end in question.spans)])
        others = [one for one in self._named("name", text) if one not in told]
        for match, _ in self._shared(question, ("name",), chance):
            if others:
                yield _put(question.text, match, chance.choice(others))

    def _opposite(self, question: Question, chance: random.Random) -> Iterator[str]:
        return self._replaced(question, Part.opposites, chance)

    def _sister(self, question: Question, chance: random.Random) -> Iterator[str]:
        """Replace a word with a sister term, if the encoder finds that the question then asks for something else."""
        for text in islice(self._replaced(question, Part.sisters, chance), TRIED):
            one, other = self._encoder.encode([question.text, text], "query")
            if one @ other < ALIKE:
                yield text

    def _denied(self, question: Question, _: random.Random) -> Iterator[str]:
        for match in islice(_VERB.finditer(question.text), 1):
            yield _put(question.text, match, f"{match.group()}n't")

    def _replaced(self, question: Question, relation: Relation, chance: random.Random) -> Iterator[str]:
        """Yield the question with one word replaced by a related word that does not occur in its paragraph."""
        there = set(stems(self._paragraphs[question.paragraph].text))
        words = [one for one in _WORD.finditer(question.text) if STOP_WORDS.isdisjoint(terms(one.group()))]
        for match in chance.sample(words, len(words)):
            others = [o for o in self._wordnet.related(match.group(), relation) if there.isdisjoint(stems(o))]
            if others:
                yield _put(question.text, match, chance.choice(others))

    def _shared(
        self, question: Question, kinds: Iterable[str], chance: random.Random
    ) -> list[tuple[re.Match[str], str]]:
        """Return what the question shares with its paragraph, each match with its kind, in random order."""
        text = self._paragraphs[question.paragraph].text
        found = [(m, kind) for kind in kinds for m in _KINDS[kind].finditer(question.text) if m.group() in text]
        return chance.sample(found, len(found))

    def _named(self, kind: str, text: str) -> list[str]:
        found = dict.fromkeys(_KINDS[kind].findall(text))
        return [one for one in found if one.lower() not in self._small]


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
