"""Reranks the passages that search found, by what the reader makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading.logistic import Features, Logistic
from assistant.reading.logits import NO_SPAN_SCORE, Logits
from assistant.reading.reader import Reader, TitledPassage
from embeddings.retrieval.search import Hit

DEPTH = 10  # hits that are reranked; those after them keep the order of the search


@dataclass(frozen=True)
class ReadHit(Hit):
    """A search hit with the reader's logits of its passage."""

    logits: Logits


class Reranker:
    """Puts search hits in order by a model over :func:`passage_features`."""

    def __init__(self, reader: Reader | None, model: Logistic | None) -> None:
        """Without a reader or a model, hits keep the order of the search."""
        self._reader = reader
        self._model = model

    def rerank(self, question: str, hits: Sequence[Hit], top_k: int) -> list[Hit]:
        """Return the ``top_k`` best hits, best first, with their rank by the reader (``ranks["reader"]``, from 1).

        Args:
            question: the question that the reader reads the passages for.
            hits: the hits in the order of the search.
            top_k: the most hits to return.
        """
        if self._reader is None or self._model is None:
            return list(hits[:top_k])
        read = read_hits(self._reader, question, hits[:DEPTH])
        return [*rerank(read, self._model), *hits[DEPTH:]][:top_k]


def rerank(hits: Sequence[ReadHit], model: Logistic) -> list[ReadHit]:
    """Return the hits best first, with their rank by the reader."""
    scores = [model.log_odds(features) for features in passage_features(hits)]
    best_first = sorted(range(len(hits)), key=lambda i: -scores[i])
    return [replace(hits[i], ranks={**hits[i].ranks, "reader": rank}) for rank, i in enumerate(best_first, 1)]


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[ReadHit]:
    """Return the hits with the reader's logits."""
    logits = reader.read(question, [TitledPassage(hit.article.title, hit.text) for hit in hits])
    return [ReadHit(**vars(hit), logits=one) for hit, one in zip(hits, logits, strict=True)]


def passage_features(hits: Sequence[ReadHit]) -> list[Features]:
    """Return the features of each passage: its search scores, and the reader's best span and answerability logit."""
    best_score = max((hit.score for hit in hits), default=0.0)
    spans = [hit.logits.best_span() for hit in hits]
    return [
        {
            "fused": hit.score - best_score,
            "cosine": hit.cosine,
            "span": span.score if span else NO_SPAN_SCORE,
            "holds": hit.logits.has_answer,
        }
        for hit, span in zip(hits, spans, strict=True)
    ]
