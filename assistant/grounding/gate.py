"""Admits a sentence to an answer only with citations whose characters exist and support it.

The gate trusts nothing that the answerer says. It reads the cited characters from the library again, so that a wrong
offset, a changed quote, or an article that was edited or removed since then drops the sentence. It also judges for
itself whether the characters support the sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Citation, Sentence, Verdict
from assistant.draft_answer import DraftSentence, Quote
from assistant.grounding.entailment import Checker
from assistant.grounding.location import location_fields
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article, Excerpt, Span


class ArticleStore(Protocol):
    """The part of a library that the gate needs. Both methods raise ArticleNotFound."""

    def get(self, article_id: str) -> Article:
        """Return the article with this id."""

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        """Return the characters of a span of the article."""


@dataclass
class Gate:
    """The part of an answer that was admitted so far.

    Args:
        store: the library in its present state.
        base_url: the URL that links start with.
        checker: decides whether quotes support a sentence.
        text: the admitted sentences, joined by single spaces.
        sentences: the admitted sentences with their offsets in ``text``.
        dropped: the texts of the sentences that no citation supports.
    """

    store: ArticleStore
    base_url: str
    checker: Checker
    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    dropped: list[str] = field(default_factory=list)
    _citations: dict[str, Citation] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each citation once, in the order in which the sentences first refer to it."""
        return tuple(self._citations.values())

    def admit(self, draft: DraftSentence) -> Iterator[Citation | Sentence]:
        """Yield the citations that are new with this sentence, then the sentence.

        If none of its quotes supports the sentence, nothing is yielded and the sentence is added to ``dropped``.
        """
        citations = {cited.id: cited for quote in draft.quotes if (cited := self._cite(draft.text, quote))}
        # A place has one verdict: that of the first sentence that cites it.
        known = self._citations
        agreeing = {id_: cited for id_, cited in citations.items() if known.get(id_, cited).verdict == cited.verdict}
        citations = agreeing or citations
        if not citations:
            self.dropped.append(draft.text)
            return
        start = len(self.text) + bool(self.text)
        self.text = f"{self.text} {draft.text}" if self.text else draft.text
        verdict = None if agreeing else next(iter(citations.values())).verdict
        end, ids = len(self.text), tuple(citations)
        self.sentences += (
            Sentence(text=draft.text, start=start, end=end, citations=ids, verdict=verdict, code=draft.code),
        )
        for citation_id, citation in citations.items():
            if citation_id not in self._citations:
                self._citations[citation_id] = citation
                yield citation
        yield self.sentences[-1]

    def _cite(self, sentence: str, quote: Quote) -> Citation | None:
        judgement = self._judge(sentence, quote.text)
        return judgement and cite(self.store, self.base_url, quote, *judgement)

    def _judge(self, sentence: str, cited: str) -> tuple[Verdict, float] | None:
        """Return the verdict on a sentence and its score; None if the cited text does not support it."""
        if sentence == cited:
            return "verbatim", 1.0
        (score,) = self.checker.support(sentence, [cited], answers=True)
        return None if score is None else ("supported", round(score, 4))


def cite(store: ArticleStore, base_url: str, quote: Quote, verdict: Verdict, score: float) -> Citation | None:
    """Return the citation of a quote; None if the library, in its present state, does not have the quote.

    Args:
        store: the library.
        base_url: the URL that links start with.
        quote: the characters to cite.
        verdict: what they mean for the sentence that cites them.
        score: the verdict's score.
    """
    try:
        excerpt = store.excerpt(quote.article_id, quote.span)
    except ArticleNotFound:
        return None
    if excerpt.article.revision != quote.revision or not quote.text.strip() or excerpt.text != quote.text:
        return None
    fields = location_fields(excerpt, base_url, store.get)
    return Citation(**fields, quote=quote.text, verdict=verdict, score=score)
