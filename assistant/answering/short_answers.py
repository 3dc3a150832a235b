"""Short answers as they are shown: the span that a reader found, with its determiner and both marks of a pair."""

import re

from assistant.reading.definitions import with_determiner
from embeddings.text.article import Span

_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_OPENING = re.compile(r'(?<!\w)"(?=\w)')  # straight quotation marks are alike
_CLOSING = re.compile(r'(?<=\S)"(?!\w)')


def shown_span(question: str, text: str, span: Span) -> Span:
    """Return the span of a short answer in the text of its sentence, as it is shown.

    A short definition comes with its determiner. Where one mark of a pair is inside, the other one comes too if it is
    next to the span, or the one at the edge is left out.
    """
    span = with_determiner(question, text, span)
    start, end = span.start, span.end
    inside = span.cut(text)
    counts = [(a, b, inside.count(a), inside.count(b)) for a, b in _PAIRS]
    counts.append(('"', '"', len(_OPENING.findall(inside)), len(_CLOSING.findall(inside))))
    for opening, closing, opened, closed in counts:
        if opened > closed:
            closes = text.startswith(closing, end)
            start, end = (start, end + 1) if closes else (start + inside.startswith(opening), end)
        elif closed > opened:
            opens = text.endswith(opening, 0, start)
            start, end = (start - 1, end) if opens else (start, end - inside.endswith(closing))
    return Span(start=start, end=end) if start < end else span
