"""The order in which passages are shown and answered from: search finds them, the reader reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading.logistic import Features, Logistic
from assistant.reading.logits import Logits
from assistant.reading.reader import Reader, Text
from embeddings.retrieval.search import Hit

DEPTH = 10  # passages that are read; those after them keep the order of the search


@dataclass(frozen=True)
class ReadHit(Hit):
    """A passage that was found and read."""

    logits: Logits


class Reranker:
    """Puts passages in order, by the reader where there is one."""

    def __init__(self, reader: Reader | None, order: Logistic | None) -> None:
        """``order`` weighs :func:`passage_features`; without it, or without a reader, the search's order stands."""
        self._reader = reader
        self._order = order

    def rank(self, question: str, hits: Sequence[Hit], top_k: int) -> list[Hit]:
        """The ``top_k`` best of the hits, which come in the search's order. Their ranks gain one, ``reader``."""
        if self._reader is None or self._order is None:
            return list(hits[:top_k])
        return [*ordered(read_hits(self._reader, question, hits), self._order), *hits[DEPTH:]][:top_k]


def ordered(hits: Sequence[ReadHit], order: Logistic) -> list[ReadHit]:
    """Passages that were read, best first, with their rank."""
    score = [order.log_odds(one) for one in passage_features(hits)]
    best_first = sorted(range(len(hits)), key=lambda i: -score[i])
    return [replace(hits[i], ranks={**hits[i].ranks, "reader": rank}) for rank, i in enumerate(best_first, 1)]


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[ReadHit]:
    """The first hits, read."""
    first = hits[:DEPTH]
    texts = [Text(hit.article.title, hit.text) for hit in first]
    return [
        ReadHit(**vars(hit), logits=logits) for hit, logits in zip(first, reader.read(question, texts), strict=True)
    ]


def passage_features(hits: Sequence[ReadHit]) -> list[Features]:
    """What speaks for each passage: its score in the search beside the best one's, and what the reader makes of it."""
    best = max((hit.score for hit in hits), default=0.0)
    spans = [found.score if (found := hit.logits.best()) else -20.0 for hit in hits]
    return [
        {"fused": hit.score - best, "cosine": hit.cosine, "span": span, "holds": hit.logits.holds}
        for hit, span in zip(hits, spans, strict=True)
    ]
