"""Training examples: each question of an epoch with the passages that are read for it and the accepted answer spans."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from embeddings.text.sentences import sentence_spans
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms
from training.altered import Alterations
from training.config import Examples as Shares
from training.questions import Question, Questions
from training.reworded import Rewordings

PACKED = 1000  # characters: about the length of a library's passages
_BREAK = "\n\n"


@dataclass(frozen=True)
class Reading:
    """A passage with its heading, which may be empty, and the spans of the accepted answers, in characters."""

    heading: str
    passage: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Example:
    """A question and the passages that are read for it, whose scores are normalised together."""

    question: str
    readings: tuple[Reading, ...]


class Epochs:
    """An endless, reproducible stream of examples; the order and the negatives change with each epoch."""

    def __init__(
        self,
        data: Questions,
        negatives: Sequence[Sequence[int]],
        shares: Shares,
        *,
        seed: int,
        alterations: Alterations,
        rewordings: Rewordings,
    ) -> None:
        self._data = data
        self._negatives = negatives
        self._shares = shares
        self._alterations = alterations
        self._seed = seed
        self._rewordings = rewordings

    def __iter__(self) -> Iterator[Example]:
        epoch = 0
        while True:
            chance = random.Random(f"{self._seed} {epoch}")  # noqa: S311  it has to be reproducible
            for i in self._order(chance):
                example = self._example(self._data.questions[i], self._negatives[i], chance)
                yield replace(example, question=self._asked(example.question, chance))
            epoch += 1

    def _order(self, chance: random.Random) -> list[int]:
        """Return the question indices of an epoch, each repeated as its file is; fractions are probabilities."""
        order = list[int]()
        for i, question in enumerate(self._data.questions):
            times = self._shares.times.get(self._data.paragraphs[question.paragraph].file, 1)
            order += [i] * (int(times) + (chance.random() < times % 1))
        chance.shuffle(order)
        return order

    def _example(self, question: Question, negatives: Sequence[int], chance: random.Random) -> Example:
        own = self._reading(question.paragraph, chance, question.spans)
        # Sampled from all ranks: the top ranks alone would be the hardest, and sometimes hold an unmarked answer.
        others = [self._reading(i, chance) for i in chance.sample(negatives, min(2, len(negatives)))]
        shares, draw = self._shares, chance.random()
        if question.spans and draw < shares.altered:
            if altered := self._alterations.alter(question, shares.ways, chance):
                return Example(altered, (replace(own, spans=()),))
        elif question.spans and others and draw < shares.altered + shares.wrong_passages:
            return Example(question.text, tuple(others))
        elif question.spans and draw < shares.altered + shares.wrong_passages + shares.cut_out:
            own = cut_out(own) or own
        if others and chance.random() < shares.hard_negative:
            return Example(question.text, (own, others[0]))
        return Example(question.text, (own,))

    def _asked(self, question: str, chance: random.Random) -> str:
        draw = chance.random()
        if draw < self._shares.terse:
            return terse(question)
        if draw < self._shares.terse + self._shares.reworded:
            return self._rewordings.reword(question, chance) or question
        return question

    def _reading(self, paragraph: int, chance: random.Random, spans: tuple[tuple[int, int], ...] = ()) -> Reading:
        one = self._data.paragraphs[paragraph]
        heading = one.title if chance.random() < self._shares.heading else ""
        first = last = paragraph
        if chance.random() < self._shares.packed:
            first, last = self._packed(paragraph, chance)
        texts = [self._data.paragraphs[i].text for i in range(first, last + 1)]
        before = sum(len(text) + len(_BREAK) for text in texts[: paragraph - first])
        return Reading(heading, _BREAK.join(texts), tuple((start + before, end + before) for start, end in spans))

    def _packed(self, paragraph: int, chance: random.Random) -> tuple[int, int]:
        """Return the first and the last of the paragraphs that share a passage with this one."""
        every = self._data.paragraphs
        first = last = paragraph
        length = len(every[paragraph].text)
        while length < PACKED:
            place = every[paragraph].place
            around = [i for i in (first - 1, last + 1) if 0 <= i < len(every) and every[i].place == place]
            fits = [i for i in around if length + len(every[i].text) <= 1.2 * PACKED]
            if not fits:
                break
            taken = chance.choice(fits)
            first, last, length = min(first, taken), max(last, taken), length + len(every[taken].text)
        return first, last


def cut_out(reading: Reading) -> Reading | None:
    """Return the passage without the answering sentences; None if none is left, or an answer still occurs in it."""
    sentences = [(one.start, one.end) for one in sentence_spans(reading.passage)]
    answering = [(start, end) for start, end in sentences if any(s < end and start < e for s, e in reading.spans)]
    passage = reading.passage
    for start, end in reversed(answering):
        passage = passage[:start].rstrip(" ") + " " + passage[end:].lstrip(" ")
    answers = {reading.passage[start:end].lower() for start, end in reading.spans}
    if len(answering) == len(sentences) or any(answer in passage.lower() for answer in answers):
        return None
    return Reading(reading.heading, passage.strip())


def terse(question: str) -> str:
    """Return the content words only, as in a search query; the question itself if it has fewer than two."""
    words = [word for word in question.rstrip("?").split() if not STOP_WORDS.issuperset(terms(word))]
    return " ".join(words) if len(words) > 1 else question
