"""Draft answers: what an answerer proposes, before the gate checks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.answer import Mode, Reason
from embeddings.text.article import Excerpt, Span


@dataclass(frozen=True)
class Quote:
    """Characters of one revision of an article."""

    article_id: str
    revision: str
    span: Span
    text: str

    @classmethod
    def cut(cls, excerpt: Excerpt, span: Span) -> "Quote":
        """Return the quote at a span of the article that lies inside an excerpt."""
        return cls(excerpt.article.id, excerpt.article.revision, span, excerpt.cut(span))


@dataclass(frozen=True)
class DraftSentence:
    """A proposed sentence and the quotes that should support it; ``code`` if it is lines of code."""

    text: str
    quotes: tuple[Quote, ...]
    code: bool = False


@dataclass(frozen=True)
class DraftAnswer:
    """A proposed answer, or with neither text nor sentences an abstention and its reason.

    ``text`` says nothing from an article and is not checked; only a draft of mode ``about`` has one.
    ``against`` is what contradicts the question, and how surely; only an abstention for that reason has it.
    ``features`` are those that the confidence was computed from, and ``threshold`` is the least confidence of an
    answer. A draft is not ``cacheable`` if a server failed, because a better one may be made the next time.
    """

    sentences: tuple[DraftSentence, ...]
    confidence: float | None
    mode: Mode
    reason: Reason | None = None
    text: str | None = None
    short_answer: str | None = None
    against: tuple[Quote, float] | None = None
    notices: tuple[str, ...] = ()
    cacheable: bool = True
    threshold: float | None = None
    features: Mapping[str, float] = field(default_factory=dict)
