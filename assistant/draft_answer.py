"""What an answerer proposes, before anything is proved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.answer import Mode, Reason
from embeddings.text.article import Excerpt, Span


@dataclass(frozen=True)
class Quote:
    """Characters of an article at the revision that was read."""

    article_id: str
    revision: str
    span: Span
    text: str

    @classmethod
    def cut(cls, excerpt: Excerpt, span: Span) -> "Quote":
        """The quote at a span inside an excerpt."""
        return cls(excerpt.article.id, excerpt.article.revision, span, excerpt.cut(span))


@dataclass(frozen=True)
class DraftSentence:
    """A sentence and the characters that are said to carry it."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class DraftAnswer:
    """A proposed answer; with no sentences, an abstention that gives its reason.

    ``signals`` are what the confidence was made from, and ``threshold`` is what it was held against. A draft that is
    not ``lasting`` came about because a server failed; asked again, there may be a better one.
    """

    sentences: tuple[DraftSentence, ...]
    confidence: float
    mode: Mode
    reason: Reason | None = None
    short_answer: str | None = None
    notices: tuple[str, ...] = ()
    lasting: bool = True
    threshold: float | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
