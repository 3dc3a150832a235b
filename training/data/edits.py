"""Text edits that keep track of character spans, and lookup of words and sentences in a text."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from embeddings.text.sentences import sentence_spans

Span = tuple[int, int]


class Edited(NamedTuple):
    """An edited text; ``spans`` are the spans that no edit overlapped, at their new offsets."""

    text: str
    spans: tuple[Span, ...]


def edit(text: str, edits: Iterable[tuple[int, int, str]], spans: Iterable[Span] = ()) -> Edited:
    """Return the text with each range ``start:end`` replaced by its new text.

    Args:
        text: the text before the edits.
        edits: ``(start, end, new)``, which must not overlap.
        spans: spans of the text to carry over; those that an edit overlaps are dropped.
    """
    ordered = sorted(edits)
    parts, last = list[str](), 0
    for start, end, new in ordered:
        parts += [text[last:start], new]
        last = end
    moved = []
    for start, end in spans:
        if all(e <= start or end <= s for s, e, _ in ordered):
            shift = sum(len(new) - (e - s) for s, e, new in ordered if e <= start)
            moved.append((start + shift, end + shift))
    return Edited("".join([*parts, text[last:]]), tuple(moved))


def places(text: str, words: str) -> list[Span]:
    """Return the spans of all whole-word, case-sensitive occurrences of ``words``."""
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of a text."""
    return [(one.start, one.end) for one in sentence_spans(text)]


def holding(among: Sequence[Span], spans: Iterable[Span]) -> list[Span]:
    """Return the sentences in ``among`` that overlap at least one of the spans."""
    wanted = list(spans)
    return [(start, end) for start, end in among if any(s < end and start < e for s, e in wanted)]


def without(text: str, cut: Iterable[Span], spans: Iterable[Span] = ()) -> Edited:
    """Return the text without the sentences ``cut`` and without the whitespace before each."""
    edits = []
    for start, end in cut:
        first = len(text[:start].rstrip(" \n"))
        last = end if first else len(text) - len(text[end:].lstrip(" \n"))
        edits.append((first, last, ""))
    return edit(text, edits, spans)
