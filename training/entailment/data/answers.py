"""Statements made of a question and its answer, and of the question and something else of the same passage."""

import random
import re
from collections.abc import Iterator

from training.data.entities import Things
from training.data.exchanges import fits
from training.data.rows import Row
from training.entailment.data.files import closest
from training.entailment.data.pairs import NOT_SUPPORTED, SUPPORTED, Pair
from training.entailment.data.source import large

_INVERTED = "do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must"
_SUBJECT = re.compile(
    rf"^(?:who|what|(?:which|what) (?!(?:{_INVERTED})\b)[a-z]+|how many [a-z]+) "
    rf"(?!(?:{_INVERTED})\b)(?=[a-z]+)(?P<rest>[^?]+)\?*$",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"^(?:who|what|which [a-z]+|what [a-z]+) (?P<rest>(?:is|are|was|were) "
    r"(?:the|a|an|his|her|its|[a-z]+ed|known|given|made|born|built|held)\b[^?]+)\?*$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^(?:when|where|in (?:what|which) (?:year|city|country|month|state|town)) (?P<verb>was|were|is|are) "
    r"(?P<subject>[^?]+?) (?P<done>[a-z]+ed|born|built|held|made|founded|found|"
    r"won|written|sold|sent|led|put|set|shot|known|given|taken|begun)(?P<rest>[^?]*)\?*$",
    re.IGNORECASE,
)


def statement(question: str, answer: str) -> str | None:
    """Return a question with its answer as a statement; None if the question's form is not known."""
    answer = answer.strip(" .,;")
    for pattern in (_SUBJECT, _WAS):
        if found := pattern.match(question):
            return large(f"{answer} {found['rest'].strip()}.")
    if found := _WHEN.match(question):
        word = (
            "" if re.match(r"(?:in|on|at|by|from|during|after|before|since|near)\b", answer, re.IGNORECASE) else "in "
        )
        return large(f"{found['subject']} {found['verb']} {found['done']}{found['rest']} {word}{answer}.")
    return None


def pairs(row: Row, things: Things, chance: random.Random) -> Iterator[Pair]:
    """Yield the statement of an answered question, and one with something else in the answer's place."""
    if not row.spans or len(row.answers[0].split()) > 8:
        return
    answer = row.answers[0]
    told = statement(row.question, answer)
    if not told:
        return
    place = row.page or row.file
    premise = closest(row.context, told, chance.choice((60, 110, 170)))
    if answer not in premise:
        premise = row.context
    yield Pair(premise, told, SUPPORTED, "answer", place)
    kinds = [one.kind for one in things.of(answer)]
    asked = f"{row.question} {' '.join(row.answers)}"
    others = [
        one.text for one in things.of(row.context)
        if kinds and one.kind == kinds[0] and one.text not in asked and fits(answer, one.text)
    ]  # fmt: skip
    if others and (wrong := statement(row.question, chance.choice(others))):
        yield Pair(premise, wrong, NOT_SUPPORTED, "other_answer", place)
