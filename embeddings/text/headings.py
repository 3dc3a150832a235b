"""The headings of an article's sections. They are context for search and reader, and never evidence."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from embeddings.text.article import Span

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def heading_spans(text: str, sections: Sequence[int]) -> list[Span]:
    """Return the span of each heading, from an offset of ``sections`` to the next blank line.

    A text that consists of headings has none: it is all that there is to cite.
    """
    found = []
    for start in sorted({offset for offset in sections if 0 <= offset < len(text)}):
        end = _BLANK_LINE.search(text, start)
        found.append(Span(start=start, end=end.start() if end else len(text)))
    gaps = pairwise([0, *(offset for span in found for offset in (span.start, span.end)), len(text)])
    return found if any(text[start:end].strip() for start, end in islice(gaps, 0, None, 2)) else []


def section_starts(text: str, headings: Sequence[Span]) -> list[int]:
    """Return the offsets at which sections begin that have text below their headings.

    A heading right below another one is in the same section, and one at the end is in the last section.
    """
    starts: list[int] = []
    first: int | None = None  # of the headings that no text has followed yet
    limits = [*headings, Span(start=len(text), end=len(text))]
    for heading, following in pairwise(limits):
        first = heading.start if first is None else first
        if not text[heading.end : following.start].isspace() and heading.end < following.start:
            starts.append(first)
            first = None
    return starts
