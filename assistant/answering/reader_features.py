"""Features from the reader: what it says of each sentence, by names like those of ``assistant.answering.features``."""

import math
from collections.abc import Sequence

import numpy as np

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.reading.logistic import Features
from assistant.reading.logits import BestSpan
from assistant.reading.reranker import ReadHit
from embeddings.text.article import Span

NOWHERE = -20.0  # the score of a sentence without a token that was read
LEAST = 1e-4  # share whose logarithm is told apart


def best_span(candidate: CandidateSentence) -> BestSpan | None:
    """The best short answer within a sentence, in the article's offsets; None where it was not read."""
    if not isinstance(candidate.hit, ReadHit):
        return None
    first = candidate.hit.passage.span.start
    inside = Span(start=max(0, candidate.span.start - first), end=candidate.span.end - first)
    if (found := candidate.hit.logits.best(inside)) is None:
        return None
    return found._replace(span=Span(start=first + found.span.start, end=first + found.span.end))


def reader_features(candidates: Sequence[CandidateSentence]) -> list[Features]:
    """Of each sentence its best span's score, log share, and lead over the others and the null answer, and ``holds``.

    ``holds`` is its passage's logit, beside the best passage's. Empty where nothing was read.
    """
    if not any(isinstance(one.hit, ReadHit) for one in candidates):
        return [{} for _ in candidates]
    spans = [best_span(one) for one in candidates]
    score = np.array([found.score if found else NOWHERE for found in spans])
    alone = [math.log(max(found.share if found else 0.0, LEAST)) for found in spans]
    holds = [one.hit.logits.holds if isinstance(one.hit, ReadHit) else NOWHERE for one in candidates]
    every = np.logaddexp.reduce(np.append(score, 0.0))
    share = np.clip(np.exp(score - every), 1e-6, 1 - 1e-6)
    lead = np.log(share) - np.log1p(-share)
    return [
        {"span": span, "span_share": one, "span_lead": ahead, "holds": here, "best_holds": max(holds)}
        for span, one, ahead, here in zip(score.tolist(), alone, lead.tolist(), holds, strict=True)
    ]
