"""Examples whose relation is contradicted: a word is replaced by an opposite one, or the statement is negated."""

import random
import re
import tomllib
from collections.abc import Iterator
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


class Relations:
    """Replaces words by their opposites, from a file of mutually exclusive words, and negates sentences."""

    def __init__(self, path: Path = Path(__file__).parent / "opposed.toml") -> None:
        # Each inflected form of a word, with its opposites in the same form.
        self._others: dict[str, list[tuple[str, ...]]] = {}
        for part, groups in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for group in groups:
                for forms in _forms(group, part):
                    for form in forms:
                        self._others.setdefault(form, []).append(tuple(one for one in forms if one != form))

    def question(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question with a word replaced by an opposite that the passage does not contain (unanswerable)."""
        for spot, other in self._exchangeable(row, chance):
            yield item("relation_question", row.file, edit(row.question, [(*spot, other)]).text, row.context)
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
                yield item("relation_passage", row.file, row.question, changed.text)
                yield item("relation_passage", row.file, edit(row.question, [(*spot, other)]).text, *changed)
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
            groups = self._others.get(word, ())
            if word in _ORDINALS and not _RANKED.search(row.question, 0, start):
                continue
            if groups and (content(word) & content(answering) or places(answering, word)):
                silent = [other for others in groups for other in others if not _stands(other, there, row.context)]
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
