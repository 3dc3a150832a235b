"""The sentences that may answer: those of the passages that were found, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from embeddings.retrieval.search import Hit
from embeddings.text.article import Entry, Span, paragraph_spans


@dataclass(frozen=True)
class CandidateSentence:
    """A sentence, the passage that it was found in (``rank`` from 0), and the sentence with its neighbours there."""

    hit: Hit
    rank: int
    span: Span
    context: str

    @property
    def article(self) -> Entry:
        """The article that the sentence is cut from."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The sentence."""
        return self.hit.excerpt.cut(self.span)

    @property
    def paragraph(self) -> int:
        """The number of its paragraph."""
        before = self.hit.excerpt.cut(Span(start=self.hit.passage.span.start, end=self.span.end))
        return self.hit.excerpt.paragraph - 1 + sum(1 for _ in paragraph_spans(before))

    @property
    def passage(self) -> str:
        """The passage around it."""
        return self.hit.text


def candidate_sentences(hits: Sequence[Hit]) -> list[CandidateSentence]:
    """Every sentence of the hits; one that two passages share belongs to the better of them."""
    return list(
        {
            (candidate.article.id, candidate.span): candidate
            for candidate in reversed(list(chain.from_iterable(map(_of, hits, range(len(hits))))))
        }.values()
    )[::-1]


def _of(hit: Hit, rank: int) -> list[CandidateSentence]:
    # A piece of a sentence that is longer than the encoder's window has no whole sentence in it: it stands for itself.
    spans = hit.passage.sentences or [hit.passage.span]
    around = [
        Span(start=spans[max(0, i - 1)].start, end=spans[min(i + 1, len(spans) - 1)].end) for i in range(len(spans))
    ]
    return [
        CandidateSentence(hit, rank, span, hit.excerpt.cut(beside)) for span, beside in zip(spans, around, strict=True)
    ]
