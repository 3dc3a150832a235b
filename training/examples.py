"""Questions → what is read for each in one epoch: its passage, with or without others, and which spans are right."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.altered import Alterations
from training.config import Examples as Shares
from training.questions import Question, Questions


@dataclass(frozen=True)
class Reading:
    """A passage to read under a heading (or none), and the accepted answers in it."""

    heading: str
    passage: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Example:
    """A question and the passages that are read for it; their scores are held against each other."""

    question: str
    readings: tuple[Reading, ...]


class Epochs:
    """An endless and repeatable stream of examples: another order and other negatives in each epoch."""

    def __init__(self, data: Questions, negatives: Sequence[Sequence[int]], shares: Shares, seed: int) -> None:
        self._data = data
        self._negatives = negatives
        self._shares = shares
        self._alterations = Alterations(data)
        self._seed = seed

    def __iter__(self) -> Iterator[Example]:
        epoch = 0
        while True:
            chance = random.Random(f"{self._seed} {epoch}")  # noqa: S311  repeatable is what it has to be
            order = list(range(len(self._data.questions)))
            chance.shuffle(order)
            for i in order:
                yield self._example(self._data.questions[i], self._negatives[i], chance)
            epoch += 1

    def _example(self, question: Question, negatives: Sequence[int], chance: random.Random) -> Example:
        own = self._reading(question.paragraph, chance, question.spans)
        # Lower ranks too: the best ones alone would be the hardest, and now and then an answer that nobody marked.
        others = [self._reading(i, chance) for i in chance.sample(negatives, min(2, len(negatives)))]
        shares, draw = self._shares, chance.random()
        if question.spans and draw < shares.altered:
            if altered := self._alterations.alter(question, chance):
                return Example(altered, (self._reading(question.paragraph, chance),))
        elif question.spans and others and draw < shares.altered + shares.wrong_passages:
            return Example(question.text, tuple(others))
        if others and chance.random() < shares.hard_negative:
            return Example(question.text, (own, others[0]))
        return Example(question.text, (own,))

    def _reading(self, paragraph: int, chance: random.Random, spans: tuple[tuple[int, int], ...] = ()) -> Reading:
        one = self._data.paragraphs[paragraph]
        return Reading(one.title if chance.random() < self._shares.heading else "", one.text, spans)
