"""Features of candidate sentences that come from the reader."""

import math
from collections.abc import Sequence

import numpy as np

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.reading.logistic import Features
from assistant.reading.logits import NO_SPAN_SCORE, BestSpan
from assistant.reading.reranker import ReadHit
from embeddings.text.article import Span

MIN_PROBABILITY = 1e-4  # below it, probabilities of a span are not told apart


def best_span(candidate: CandidateSentence) -> BestSpan | None:
    """Return the best short answer in a sentence, in the article's offsets; None if the sentence was not read."""
    if not isinstance(candidate.hit, ReadHit):
        return None
    passage_start = candidate.hit.passage.span.start
    sentence = Span(start=max(0, candidate.span.start - passage_start), end=candidate.span.end - passage_start)
    best = candidate.hit.logits.best_span(sentence)
    if best is None:
        return None
    return best._replace(span=Span(start=passage_start + best.span.start, end=passage_start + best.span.end))


def reader_features(candidates: Sequence[CandidateSentence]) -> list[Features]:
    """Return the reader's features of each sentence; empty ones if no sentence was read.

    ``span`` is the score of its best span, ``span_share`` the log probability of that span within the sentence, and
    ``span_lead`` its log odds against the spans of the other sentences and the null answer. ``holds`` and
    ``best_holds`` are the answerability logits of its passage and of the best passage.
    """
    if not any(isinstance(one.hit, ReadHit) for one in candidates):
        return [{} for _ in candidates]
    spans = [best_span(one) for one in candidates]
    scores = np.array([span.score if span else NO_SPAN_SCORE for span in spans])
    log_probability = [math.log(max(span.probability if span else 0.0, MIN_PROBABILITY)) for span in spans]
    has_answer = [one.hit.logits.has_answer if isinstance(one.hit, ReadHit) else NO_SPAN_SCORE for one in candidates]
    total = np.logaddexp.reduce(np.append(scores, 0.0))  # with the null answer, whose score is 0
    share = np.clip(np.exp(scores - total), 1e-6, 1 - 1e-6)
    log_odds = np.log(share) - np.log1p(-share)
    best_has_answer = max(has_answer)
    return [
        {
            "span": score,
            "span_share": probability,
            "span_lead": lead,
            "holds": passage,
            "best_holds": best_has_answer,
        }
        for score, probability, lead, passage in zip(
            scores.tolist(), log_probability, log_odds.tolist(), has_answer, strict=True
        )
    ]
