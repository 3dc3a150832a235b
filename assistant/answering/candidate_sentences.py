"""Candidate sentences: the sentences of the passages that were found, each of which may answer the question."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft_answer import Quote
from embeddings.retrieval.search import Hit
from embeddings.text.article import Entry, Span, paragraph_spans


@dataclass(frozen=True)
class CandidateSentence:
    """A sentence of a passage.

    ``rank`` is the position of its passage among the hits, from 0. ``context`` is the sentence with its neighbours in
    the passage.
    """

    hit: Hit
    rank: int
    span: Span
    context: str

    @property
    def article(self) -> Entry:
        """The article of the sentence."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The text of the sentence."""
        return self.hit.excerpt.cut(self.span)

    @property
    def quote(self) -> Quote:
        """The sentence as a quote."""
        return Quote.cut(self.hit.excerpt, self.span)

    @property
    def paragraph(self) -> int:
        """The number of its paragraph in the article, from 1."""
        before = self.hit.excerpt.cut(Span(start=self.hit.passage.span.start, end=self.span.end))
        return self.hit.excerpt.paragraph - 1 + sum(1 for _ in paragraph_spans(before))

    @property
    def passage(self) -> str:
        """The text of its passage."""
        return self.hit.text


def candidate_sentences(hits: Sequence[Hit]) -> list[CandidateSentence]:
    """Return every sentence of the hits once; a sentence that two passages share belongs to the better of them."""
    candidates: dict[tuple[str, Span], CandidateSentence] = {}
    for rank in reversed(range(len(hits))):
        for candidate in reversed(_sentences(hits[rank], rank)):
            candidates[candidate.article.id, candidate.span] = candidate
    return list(candidates.values())[::-1]


def _sentences(hit: Hit, rank: int) -> list[CandidateSentence]:
    spans = hit.passage.sentences
    contexts = [
        Span(start=spans[max(0, i - 1)].start, end=spans[min(i + 1, len(spans) - 1)].end) for i in range(len(spans))
    ]
    return [
        CandidateSentence(hit, rank, span, hit.excerpt.cut(context))
        for span, context in zip(spans, contexts, strict=True)
    ]
