"""Words of a sentence that a text does not support: its facts and content words without a counterpart there."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.grounding.dates import CLOCK, DATE, WEEKDAY
from assistant.grounding.facts import NAME_WORD, missing_facts
from assistant.grounding.quantities import QUANTITY_WORDS
from assistant.grounding.wording import has_other_words
from embeddings.text.article import Span
from embeddings.text.terms import stems

_NUMBER_WORD = "|".join(sorted((word for word in QUANTITY_WORDS if len(word) > 1), reverse=True))
_NUMBER_PART = rf"(?:\d++(?:[.,]\d++)*+[a-z]{{0,3}}+|(?:{_NUMBER_WORD})\b)%?"
_NUMBER = re.compile(rf"(?<!\w)[$£€¥]?{_NUMBER_PART}(?:[ -]{_NUMBER_PART})*+(?!\w)", re.IGNORECASE)
_NAME = re.compile(rf"{NAME_WORD.pattern}(?:[ -]{NAME_WORD.pattern})*")
_WORD = re.compile(r"\w++(?:['’.-]\w++)*+")
# Function words that say nothing by themselves.
_EMPTY = frozenset(
    stems("a an the this that these those of in on at to by for is are was were be been being it its he she they so")
)

Kind = Literal["date", "time", "number", "name", "word"]
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("date", DATE),
    ("time", CLOCK),
    ("time", WEEKDAY),
    ("number", _NUMBER),
    ("name", _NAME),
    ("word", _WORD),
)


class Unit(NamedTuple):
    """A date, a time, a number, a name or another word of a text; a run of capitalised words counts as a name."""

    start: int
    end: int
    kind: Kind
    text: str


def units(text: str) -> list[Unit]:
    """Return the units of a text in order. They do not overlap."""
    found = []
    rest = text
    for kind, pattern in _PATTERNS:
        found += [Unit(*match.span(), kind, match.group()) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    return sorted(found)


def is_supported(unit: Unit, cited: str) -> bool:
    """True if the cited text has the fact, or a form of the word."""
    text = f"in {unit.text}" if unit.kind == "date" else unit.text  # "May" by itself may be a verb
    return not missing_facts(text, cited) and not has_other_words(unit.text, cited)


def unsupported_spans(sentence: str, cited: str) -> list[Span]:
    """Return the words of a sentence that a text does not support, those with only white space between them as one.

    These are its facts and content words without a counterpart; if each has one, its function words without one, such
    as "against"; and if the text has all its words, and says something else with them, the whole sentence.
    """
    lacking = [part for unit in units(sentence) if not is_supported(unit, cited) for part in _lacking(unit, cited)]
    if not lacking:
        cited_stems = _EMPTY.union(stems(cited))
        words = [match.span() for match in _WORD.finditer(sentence) if not cited_stems.issuperset(stems(match.group()))]
        lacking = words or [(len(sentence) - len(sentence.lstrip()), len(sentence.rstrip()))]
    return _joined(sentence, lacking)


def _lacking(unit: Unit, cited: str) -> list[tuple[int, int]]:
    """Return the words of an unsupported name that the text lacks, unless it has each of them; else the whole unit."""
    words = [Unit(*match.span(), "word", match.group()) for match in _WORD.finditer(unit.text)]
    lacking = [word for word in words if unit.kind == "name" and not is_supported(word, cited)]
    return [(unit.start + word.start, unit.start + word.end) for word in lacking] or [(unit.start, unit.end)]


def _joined(sentence: str, ranges: Sequence[tuple[int, int]]) -> list[Span]:
    spans: list[Span] = []
    for start, end in ranges:
        is_next = spans and not sentence[spans[-1].end : start].strip()
        spans.append(Span(start=spans.pop().start if is_next else start, end=end))
    return spans
