"""Changes of a text that keep track of its spans."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from embeddings.text.sentences import sentence_spans

Span = tuple[int, int]


class Edited(NamedTuple):
    """A text after its edits; ``spans`` are those that no edit touched, at their new places."""

    text: str
    spans: tuple[Span, ...]


def edit(text: str, edits: Iterable[tuple[int, int, str]], spans: Iterable[Span] = ()) -> Edited:
    """The text with each ``(start, end, new)`` put in; edits do not overlap."""
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
    """Where ``words`` stand in a text as whole words, in the same case."""
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]


def sentences(text: str) -> list[Span]:
    """The sentences of a text."""
    return [(one.start, one.end) for one in sentence_spans(text)]


def holding(among: Sequence[Span], spans: Iterable[Span]) -> list[Span]:
    """Those of the sentences that hold a part of a span."""
    wanted = list(spans)
    return [(start, end) for start, end in among if any(s < end and start < e for s, e in wanted)]


def without(text: str, cut: Iterable[Span], spans: Iterable[Span] = ()) -> Edited:
    """The text without these sentences, and without the space before each."""
    edits = []
    for start, end in cut:
        first = len(text[:start].rstrip(" \n"))
        last = end if first else len(text) - len(text[end:].lstrip(" \n"))
        edits.append((first, last, ""))
    return edit(text, edits, spans)
