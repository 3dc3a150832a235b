"""The sentences that may answer: those of the passages that were found, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from embeddings.article import Article, Span
from embeddings.library import Hit
from embeddings.sentences import sentence_spans


@dataclass(frozen=True)
class Candidate:
    """A sentence, the passage that it was found in (``rank`` from 0), and the sentence with its neighbours there."""

    hit: Hit
    rank: int
    span: Span
    context: str

    @property
    def article(self) -> Article:
        """The article that the sentence is cut from."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The sentence."""
        return self.span.cut(self.article.text)

    @property
    def passage(self) -> str:
        """The passage around it."""
        return self.hit.passage.span.cut(self.article.text)


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """Every sentence of the hits; one that two passages share belongs to the better of them."""
    return list(
        {
            (candidate.article.id, candidate.span): candidate
            for candidate in reversed(list(chain.from_iterable(map(_of, hits, range(len(hits))))))
        }.values()
    )[::-1]


def _of(hit: Hit, rank: int) -> list[Candidate]:
    text = hit.article.text
    # A piece of a sentence that is longer than the encoder's window has no whole sentence in it: it stands for itself.
    spans = sentence_spans(text, hit.passage.span, hit.article.language) or [hit.passage.span]
    return [
        Candidate(hit, rank, span, text[spans[max(0, i - 1)].start : spans[min(i + 1, len(spans) - 1)].end])
        for i, span in enumerate(spans)
    ]
