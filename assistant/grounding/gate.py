"""Proof: a sentence leaves only with citations whose characters exist and carry it.

The check trusts nothing that the answerer says. It reads the characters again from the library, so that an offset that
slipped, a quote that was changed, or an article that was edited or removed in the meantime drops the sentence; and it
judges for itself whether the characters carry the sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Citation, Sentence, Verdict
from assistant.draft_answer import DraftSentence, Quote
from assistant.grounding.entailment import carries
from assistant.grounding.location import place
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article, Excerpt, Span


class Shelf(Protocol):
    """What of a library a proof needs; both raise ArticleNotFound."""

    def get(self, article_id: str) -> Article:
        """The article with this id."""

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        """The characters of a span of it."""


@dataclass
class Gate:
    """What may leave so far: the sentences joined by one space, their places in it, and each citation once.

    Args:
        shelf: the library, as it is now.
        base_url: what links start with.
    """

    shelf: Shelf
    base_url: str
    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    refused: list[str] = field(default_factory=list)
    _cited: dict[str, Citation] = field(default_factory=dict)

    @property
    def dropped(self) -> int:
        """How many sentences did not leave."""
        return len(self.refused)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each citation once, in the order in which sentences first cite them."""
        return tuple(self._cited.values())

    def admit(self, draft: DraftSentence) -> Iterator[Citation | Sentence]:
        """The sentence after those of its citations that are new; nothing, and one more refused, if none carries it."""
        cited = {proof.id: proof for quote in draft.quotes if (proof := self._cite(draft.text, quote))}
        if not cited:
            self.refused.append(draft.text)
            return
        start = len(self.text) + bool(self.text)
        self.text = f"{self.text} {draft.text}" if self.text else draft.text
        self.sentences += (Sentence(text=draft.text, start=start, end=len(self.text), citations=tuple(cited)),)
        for name, proof in cited.items():
            if name not in self._cited:
                self._cited[name] = proof
                yield proof
        yield self.sentences[-1]

    def _cite(self, sentence: str, quote: Quote) -> Citation | None:
        try:
            held = self.shelf.excerpt(quote.article_id, quote.span)
        except ArticleNotFound:
            return None
        exact = held.article.revision == quote.revision and quote.text.strip() and held.text == quote.text
        if not exact or (judged := _verdict(sentence, quote.text)) is None:
            return None
        verdict, score = judged
        return Citation(**place(held, self.base_url, self.shelf.get), quote=quote.text, verdict=verdict, score=score)


def _verdict(sentence: str, cited: str) -> tuple[Verdict, float] | None:
    if sentence == cited:
        return "verbatim", 1.0
    score = carries(sentence, cited)
    return None if score is None else ("supported", round(score, 4))
