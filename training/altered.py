"""Questions that look answerable and are not: a name, a number or a word of a question changed for another of its kind.

After the rule-based negatives of Rajpurkar, Jia and Liang, "Know What You Don't Know" (2018).
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence

from training.questions import Question, Questions

_NAME = re.compile(r"(?<!^)(?<![.!?:“\"] )\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?\b")
_KINDS = {"name": _NAME, "year": _YEAR, "number": _NUMBER}
_OPPOSITE = (
    "first last|oldest youngest|largest smallest|highest lowest|most least|before after|increase decrease|more less|"
    "start end|best worst|always never|longest shortest|began ended|north south|east west|early late|male female|"
    "win lose|won lost|like dislike|liked disliked|love hate|loved hated|positive negative|maximum minimum|"
    "internal external|buy sell|bought sold|recommend avoid|old new|father mother|son daughter|better worse"
)
_CHANGED = {a: b for pair in _OPPOSITE.split("|") for a, b in (pair.split(), pair.split()[::-1])}
_WORD = re.compile(rf"\b(?:{'|'.join(_CHANGED)})\b")


class Alterations:
    """Names and numbers of the paragraphs, to be put in place of those of a question."""

    def __init__(self, data: Questions) -> None:
        self._paragraphs = data.paragraphs
        pools: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for paragraph in data.paragraphs:
            for kind, pattern in _KINDS.items():
                pools[paragraph.file, paragraph.title, kind].update(pattern.findall(paragraph.text))
        self._pools: dict[tuple[str, str, str], Sequence[str]] = {key: sorted(pool) for key, pool in pools.items()}

    def alter(self, question: Question, chance: random.Random) -> str | None:
        """The question with one thing changed that its paragraph speaks of; None where there is nothing to change."""
        paragraph = self._paragraphs[question.paragraph]
        choices = [
            (match.span(), kind)
            for kind, pattern in _KINDS.items()
            for match in pattern.finditer(question.text)
            if match.group() in paragraph.text
        ]
        if choices and chance.random() < 0.8:
            (start, end), kind = chance.choice(choices)
            pool = self._pools[paragraph.file, paragraph.title, kind]
            for _ in range(5):
                other = chance.choice(pool)
                if other not in paragraph.text:
                    return question.text[:start] + other + question.text[end:]
        if match := _WORD.search(question.text):
            return question.text[: match.start()] + _CHANGED[match.group()] + question.text[match.end() :]
        return None
