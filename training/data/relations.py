"""Examples whose relation is contradicted: a word is replaced by one that it excludes, or the statement is negated."""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lemminflect import getAllInflections

from training.data.answerability import ASKED, content, covers
from training.data.edits import edit, holding, places, sentences
from training.data.item import Item, item
from training.data.rows import Row

_TAGS = {"verbs": "VERB", "nouns": "NOUN"}
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|has|have|had|did|could|would|will|can)\b(?!n't| not| never)")
_ORDINALS = ("first", "last", "second", "third")
_RANKED = re.compile(r"(?:\b(?:the|his|her|its|their|a)|['’]s) $", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|no|never|none|nobody|nothing|without|only|neither|nor)\b|n['’]t\b", re.IGNORECASE)


Others = Callable[[str], Iterable[str]]  # returns the words that a word excludes, in the same inflection


def opposed(path: Path = Path(__file__).parent / "opposed.toml") -> Others:
    """Return a function that looks a word up in a file of mutually exclusive words."""
    others: dict[str, list[str]] = {}
    for part, groups in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for group in groups:
            for forms in _forms(group, part):
                for form in forms:
                    others.setdefault(form, []).extend(one for one in forms if one != form)
    return lambda word: others.get(word, ())


class Relations:
    """Replaces words by others that they exclude, and negates sentences; ``kind`` begins the names of the kinds."""

    def __init__(self, others: Others | None = None, kind: str = "relation") -> None:
        self._others = others or opposed()
        self._kind = kind

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question with a word replaced by an opposite that the passage does not contain (unanswerable)."""
        for spot, other in self._exchangeable(row, chance):
            yield item(f"{self._kind}_question", row.file, edit(row.question, [(*spot, other)]).text, row.context)
            return

    def passage(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the passage with an opposite word: with its question (unanswerable), then with the question adapted."""
        for spot, other in self._exchangeable(row, chance):
            word = row.question[slice(*spot)]
            spots = places(row.context, word)
            # A word inside an accepted answer is a part of the answer, not of the relation that is asked about.
            if not spots or holding(row.spans, spots):
                continue
            changed = edit(row.context, ((*one, other) for one in spots), row.spans)
            if not content(word) & content(changed.text):
                yield item(f"{self._kind}_passage", row.file, row.question, changed.text)
                yield item(f"{self._kind}_passage", row.file, edit(row.question, [(*spot, other)]).text, *changed)
                return

    def denied(self, row: Row, _: random.Random) -> Iterator[Item]:
        """Yield the passage with its answering sentence negated by "not" (unanswerable)."""
        every = sentences(row.context)
        answering = holding(every, row.spans)
        if len(answering) != 1 or _DENIED.search(row.question):
            return
        start, end = answering[0]
        told = row.context[start:end]
        verbs = list(_AUXILIARY.finditer(told))
        rest = row.context[:start] + row.context[end:]
        plain = len(verbs) == 1 and not _DENIED.search(told) and not told.endswith("?")
        if not plain or covers(told, row.question) < ASKED or covers(rest, row.question) >= ASKED:
            return
        here = start + verbs[0].end()
        # The negation has to apply to what is asked: the word after "not" must be in the question.
        next_word = content(" ".join(row.context[here:end].split()[:1]))
        if all(here <= s for s, _ in row.spans) and next_word and next_word <= content(row.question):
            yield item("denied_passage", row.file, row.question, edit(row.context, [(here, here, " not")]).text)

    def _exchangeable(self, row: Row, chance: random.Random) -> Iterator[tuple[tuple[int, int], str]]:
        """Yield spans of replaceable words of the question, each with an opposite, in random order.

        The answering sentence has the word in some form; neither passage nor question has the opposite in any form.
        """
        there = content(row.context) | content(row.question)
        words = [match.span() for match in re.finditer(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])", row.question)]
        answering = " ".join(row.context[s:e] for s, e in holding(sentences(row.context), row.spans))
        for start, end in chance.sample(words, len(words)):
            word = row.question[start:end]
            if word in _ORDINALS and not _RANKED.search(row.question, 0, start):
                continue
            if content(word) & content(answering) or places(answering, word):
                silent = [other for other in self._others(word) if not _stands(other, there, row.context)]
                if silent:
                    yield (start, end), chance.choice(silent)


def _stands(word: str, stems: frozenset[str], text: str) -> bool:
    """True if a word occurs among the stems or, as a whole word, in the text."""
    return bool(content(word) & stems) or bool(places(text.lower(), word))


def _forms(group: list[str], part: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a group in each inflection that all of them have; other parts of speech as they are."""
    if part not in _TAGS:
        yield tuple(group)
        return
    inflected = [getAllInflections(word, _TAGS[part]) for word in group]
    for tag in sorted(set.intersection(*(set(one) for one in inflected))):
        yield tuple(one[tag][0] for one in inflected)
