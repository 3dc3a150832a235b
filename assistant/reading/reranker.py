"""Reranks the passages that search found, by what the readers make of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.logistic import Features, Logistic
from assistant.reading.logits import NO_SPAN_SCORE, Logits
from assistant.reading.reader import Reader, Readers
from embeddings.retrieval.search import Hit

DEPTH = 10  # hits that the small reader reranks; those after them keep the order of the search
CAREFUL_DEPTH = 3  # hits that the careful reader reads


@dataclass(frozen=True)
class ReadHit(Hit):
    """A search hit with the reader's logits of its passage."""

    logits: Logits


class Reranker:
    """Puts search hits in order by a model over :func:`passage_features`."""

    def __init__(self, readers: Readers, model: Logistic | None) -> None:
        """Without a reader or a model, hits keep the order of the search."""
        self._readers = readers
        self._model = model

    def rerank(self, question: str, hits: Sequence[Hit], top_k: int) -> list[Hit]:
        """Return the ``top_k`` best hits, best first, with their rank by the reader (``ranks["reader"]``, from 1).

        Args:
            question: the question that the reader reads the passages for.
            hits: the hits in the order of the search.
            top_k: the most hits to return.
        """
        if self._readers.small is None or self._model is None:
            return list(hits[:top_k])
        read: list[Hit] = [*rerank(read_hits(self._readers.small, question, hits[:DEPTH]), self._model)]
        if self._readers.careful is not None:
            read = read_carefully(self._readers.careful, question, read)
        return [*read, *hits[DEPTH:]][:top_k]


def rerank(hits: Sequence[ReadHit], model: Logistic) -> list[ReadHit]:
    """Return the hits best first, with their rank by the reader."""
    scores = [model.log_odds(features) for features in passage_features(hits)]
    best_first = sorted(range(len(hits)), key=lambda i: -scores[i])
    return [replace(hits[i], ranks={**hits[i].ranks, "reader": rank}) for rank, i in enumerate(best_first, 1)]


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[ReadHit]:
    """Return the hits with the reader's logits."""
    logits = reader.read(question, [TitledPassage(hit.article.title, hit.text) for hit in hits])
    return [ReadHit(**_of_search(hit), logits=one) for hit, one in zip(hits, logits, strict=True)]


def read_carefully(careful: Reader, question: str, hits: Sequence[Hit], depth: int = CAREFUL_DEPTH) -> list[Hit]:
    """Return the first ``depth`` hits with the careful reader's logits, and the others without any."""
    return [*read_hits(careful, question, hits[:depth]), *(Hit(**_of_search(hit)) for hit in hits[depth:])]


def _of_search(hit: Hit) -> dict[str, Any]:
    """Return the fields of a hit that search has set."""
    return {field.name: getattr(hit, field.name) for field in fields(Hit)}


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
