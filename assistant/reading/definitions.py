"""Questions that ask what or who something is: "What is Polonius?", "Who is Sergei Lavrov?"."""

import re
from functools import lru_cache

from embeddings.text.article import Span

_DEFINITION = re.compile(
    r"(?:what|who)(?:['’]s| is| are| was| were)\s+(?:(?:a|an|the)\s+)?"
    r"(?P<term>[\w’'.&-]+(?:\s[\w’'.&-]+){0,3}?)\s*\?*",  # at most four words
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:\b(?:an?|the|my|our|your|his|her|its|their)\s+)?(?:\b[A-Z][\w’'-]{0,30}\s+){0,4}$")


@lru_cache(maxsize=1024)
def _mentions(question: str) -> re.Pattern[str] | None:
    """Return what finds the thing that a question asks to define; None if it asks for something else."""
    asked = _DEFINITION.fullmatch(question.strip())
    if not asked:
        return None
    return re.compile(rf"(?:\b(?:an?|the)\s+)?\b{re.escape(asked['term'])}\b(?:[\s-]+[^\W\d_]\w*)?", re.IGNORECASE)


def name_spans(question: str, passage: str) -> list[Span]:
    """Return where the thing to define is named, with the word that continues the name: "the Polonius roadmap".

    No definition starts or ends there, but a reader that was trained on questions about compounds takes them for one.
    """
    mentions = _mentions(question)
    return [Span(start=one.start(), end=one.end()) for one in mentions.finditer(passage)] if mentions else []


def with_determiner(question: str, text: str, span: Span) -> Span:
    """Return the span of a short definition with the names and the determiner before it: "his Russian counterpart"."""
    if not _mentions(question):
        return span
    before = _BEFORE.search(text, 0, span.start)
    return Span(start=before.start(), end=span.end) if before else span
