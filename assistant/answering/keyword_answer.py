"""Answers to keyword queries: the sentences of the articles that are about the keywords, word for word.

A question has one answer, keywords look for all that is said. A sentence is shown if it may well hold what is looked
for, by the span that the small reader finds in it and by how near it is to the keywords.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Reason
from assistant.answering.calibration import OperatingCurve, short_answer_threshold
from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.answering.evidence import with_evidence
from assistant.answering.extractive import candidate_features
from assistant.answering.features import ParsedQuestion, answer_features
from assistant.answering.reader_features import best_span
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.draft_answer import DraftAnswer, DraftSentence
from assistant.reading.logistic import Features, Logistic
from assistant.reading.reader import Reader
from assistant.reading.reranker import read_hits
from embeddings.retrieval.search import Hit
from embeddings.text.terms import terms

CALIBRATION_FILE = Path(__file__).parent / "keyword_calibration.json"
MAX_SHOWN = 10  # sentences, beside the evidence that belongs to them


class KeywordCalibration(OperatingCurve):
    """What ``python -m training.keywords`` fits, for the default encoder and the small reader.

    Args:
        reader: the sha256 of the reader's weights.
        sentence: the model that a sentence holds what is looked for.
        least: the log odds from which on a sentence is shown.
        answer: the model that what is looked for is among the sentences that are shown.
        short: the model that the reader's span in the best sentence is what is looked for.
    """

    reader: str
    sentence: Logistic
    least: float
    answer: Logistic
    short: Logistic


class KeywordAnswerer:
    """Scores every sentence of the passages, and abstains if the confidence is below a calibrated threshold."""

    def __init__(self, vectors: SentenceVectors, reader: Reader, max_risk: float | None) -> None:
        """Choose the operating point of the calibration.

        Args:
            vectors: encodes the keywords and the sentences.
            reader: the small reader.
            max_risk: the accepted share of answers that lack what is looked for; None for the calibration's default.
        """
        self._vectors = vectors
        self._reader = reader
        self._calibration = load_keyword_calibration()
        self._threshold = self._calibration.operating_point(max_risk).threshold
        self._short_answer_threshold = short_answer_threshold(self._calibration.accepted(max_risk))

    def answer(self, query: str, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the sentences that are about a keyword query, with their evidence, or an abstention with its reason.

        Raises:
            ReaderUnavailable: the reader's weights do not load.
        """
        sentences = candidate_sentences(read_hits(self._reader, query, hits))
        if not sentences:
            return DraftAnswer((), 0.0, "extractive", "no_relevant_passage")
        keywords = ParsedQuestion.parse(query)
        signals = candidate_features(keywords, sentences, self._vectors)
        scores = np.array([self._calibration.sentence.log_odds(one) for one in signals])
        shown = [sentences[i] for i in shown_sentences(scores, self._calibration.least)]
        features = answer_features(keywords, signals, scores, {})
        confidence = round(self._calibration.answer.probability(features), 4)
        reason: Reason | None = None
        drafts: tuple[DraftSentence, ...] = ()
        if not shown:
            reason = "no_relevant_passage"
        elif confidence < self._threshold:
            reason = "not_answered_by_passages"
        else:
            drafts = _best_passage_first(with_evidence(query, shown[0], None, shown, sentences), sentences, scores)
        return DraftAnswer(
            drafts,
            confidence,
            "extractive",
            reason,
            short_answer=self._short_answer(keywords, shown[0], features) if drafts else None,
            threshold=self._threshold,
            features=features,
        )

    def _short_answer(self, keywords: ParsedQuestion, sentence: CandidateSentence, features: Features) -> str | None:
        """Return the reader's span in the best sentence; None if it is too unlikely what is looked for.

        Words with a figure that all stand in the sentence state a fact and look for none: "bridge cost 4 million".
        """
        best = best_span(sentence)
        if any(map(str.isdigit, keywords.text)) and keywords.coverage(set(terms(sentence.text))) == 1:
            return None
        if best is None or self._calibration.short.probability(features) < self._short_answer_threshold:
            return None
        return sentence.hit.excerpt.cut(best.span)


def _best_passage_first(
    drafts: Sequence[DraftSentence], sentences: Sequence[CandidateSentence], scores: NDArray[np.float64]
) -> tuple[DraftSentence, ...]:
    """Return the drafts with those of the passage that has the best sentence first, each passage in reading order."""
    best: dict[int, float] = {}
    for one, score in zip(sentences, scores.tolist(), strict=True):
        best[one.hit.passage.key] = max(score, best.get(one.hit.passage.key, score))

    def place(draft: DraftSentence) -> tuple[float, int]:
        quote = draft.quotes[0]
        said = (one for one in sentences if one.article.id == quote.article_id and quote.span.contains(one.span))
        return -best[next(said).hit.passage.key], quote.span.start

    return tuple(sorted(drafts, key=place))


def shown_sentences(scores: NDArray[np.float64], least: float) -> NDArray[np.int_]:
    """Return the numbers of the sentences that are shown, best first, of the log odds of all of them."""
    best_first = np.argsort(-scores, kind="stable")[:MAX_SHOWN]
    shown: NDArray[np.int_] = best_first[scores[best_first] >= least]
    return shown


@cache
def load_keyword_calibration() -> KeywordCalibration:
    """Return the calibration that ships."""
    return KeywordCalibration.model_validate_json(CALIBRATION_FILE.read_bytes())
