"""Extractive answers: the sentences of the articles that answer a question, word for word, or an abstention."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Reason
from assistant.answering.answer_check import check_features, check_short_answer
from assistant.answering.calibration import Calibration, short_answer_threshold
from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.answering.code_lines import prose
from assistant.answering.evidence import with_evidence
from assistant.answering.features import ParsedQuestion, answer_features, sentence_features
from assistant.answering.list_items import asks_for_list, introduces_list
from assistant.answering.reader_features import best_span, reader_features
from assistant.answering.reading_order import ReadingOrder
from assistant.answering.referents import is_about_another
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.answering.short_answers import shown_span
from assistant.answering.table_lookup import TableCell, find_cell
from assistant.draft_answer import DraftAnswer
from assistant.grounding.entailment import Checker
from assistant.reading.logistic import Features
from assistant.reading.reranker import ReadHit
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span

MAX_SENTENCES = 3  # of an answer


@dataclass(frozen=True)
class ScoredSentences:
    """The candidate sentences, the best one, the probability that each answers, and the features of the answer."""

    sentences: list[CandidateSentence]
    best: CandidateSentence
    probabilities: list[float]
    answer_features: Features


class ExtractiveAnswerer:
    """Scores every sentence of the passages, and abstains if the confidence is below a calibrated threshold."""

    def __init__(
        self, vectors: SentenceVectors, calibration: Calibration, checker: Checker, *, max_risk: float | None
    ) -> None:
        """Choose the operating points of the calibration.

        Args:
            vectors: encodes the question and the sentences.
            calibration: the fitted models and their risk–coverage curves.
            checker: the one that goes with the reader.
            max_risk: the accepted share of wrong answers among those given; None for the calibration's default.
        """
        self._vectors = None if calibration.reader else vectors
        self._checker = checker if calibration.reader else None
        self._calibration = calibration
        self._operating_point = calibration.operating_point(max_risk)
        self._short_answer_threshold = short_answer_threshold(calibration.accepted(max_risk))

    def answer(self, question: str, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the sentences that answer, with their evidence, or an abstention with its reason.

        Raises:
            ReaderUnavailable: the checker's weights do not load.
        """
        sentences = candidate_sentences(decisive_hits(hits))
        if not sentences:
            return DraftAnswer((), 0.0, "extractive", "no_relevant_passage")
        cell = find_cell(question, sentences)
        # Readers know prose: of code they take any line that shares words with the question.
        scored = self._score(question, prose(sentences), cell)
        features = scored.answer_features
        # Rounded because a text that is encoded in another batch differs in the seventh digit.
        confidence = round(self._calibration.answer.probability(features), 4)
        threshold = self._operating_point.threshold
        if confidence < threshold:
            is_relevant = self._calibration.relevance.log_odds(features) > 0
            reason: Reason = "not_answered_by_passages" if is_relevant else "no_relevant_passage"
            return DraftAnswer((), confidence, "extractive", reason, threshold=threshold, features=features)
        best = scored.best
        if is_about_another(question, best, ReadingOrder(sentences)):
            reason = "not_answered_by_passages"
            return DraftAnswer((), confidence, "extractive", reason, threshold=threshold, features=features)
        selected = select_sentences(scored.sentences, scored.probabilities, self._calibration.join)
        short_answer = self._short_answer(question, best, features)
        if cell:
            best, selected, short_answer = cell.row, [cell.row], cell.text
        return DraftAnswer(
            with_evidence(question, best, short_answer, selected, sentences),
            confidence,
            "extractive",
            short_answer=None if introduces_list(best) and asks_for_list(question) else short_answer,
            threshold=threshold,
            features=features,
        )

    def _short_answer(self, question: str, sentence: CandidateSentence, features: Features) -> str | None:
        """Return the short answer in a sentence; None if it is too unlikely or is the whole sentence."""
        best, model = best_span(sentence), self._calibration.short
        if best is None or model is None or best.span == sentence.span:
            return None
        if model.probability(features) < self._short_answer_threshold:
            return None
        start = sentence.span.start
        span = Span(start=best.span.start - start, end=best.span.end - start)
        return shown_span(question, sentence.text, span).cut(sentence.text)

    def _score(self, question: str, sentences: list[CandidateSentence], cell: TableCell | None) -> ScoredSentences:
        parsed = ParsedQuestion.parse(question)
        features = candidate_features(parsed, sentences, self._vectors)
        scores = np.array([self._calibration.sentence.log_odds(one) for one in features])
        probabilities = [self._calibration.sentence.probability(one) for one in features]
        best = sentences[int(scores.argmax())]
        check: Features = {}
        if self._checker and cell:
            check = check_short_answer(question, cell.text, cell.facts, self._checker)
        elif self._checker:
            check = check_features(question, best, self._checker)
        return ScoredSentences(sentences, best, probabilities, answer_features(parsed, features, scores, check))


def decisive_hits(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits that a reader has read; without a reader, all of them."""
    return [hit for hit in hits if isinstance(hit, ReadHit)] or hits


def candidate_features(
    question: ParsedQuestion, sentences: Sequence[CandidateSentence], vectors: SentenceVectors | None
) -> list[Features]:
    """Return all features of each sentence.

    Args:
        question: the question.
        sentences: the candidates.
        vectors: encodes them for the similarity of question and sentence; None leaves that feature out. For a question
            it brings nothing beside a reader.
    """
    simple = sentence_features(question, sentences)
    features = [a | b for a, b in zip(simple, reader_features(sentences), strict=True)]
    if vectors is None:
        return features
    cosine = vectors.cosine(question.text, [one.text for one in sentences])
    return [one | {"cosine": value} for one, value in zip(features, cosine.tolist(), strict=True)]


def select_sentences(
    sentences: Sequence[CandidateSentence], probabilities: Sequence[float], join: float
) -> list[CandidateSentence]:
    """Return the best sentence and those nearly as probable, in reading order, the best one's article first.

    Args:
        sentences: the candidates, at least one.
        probabilities: the probability that each of them answers.
        join: the least probability of a further sentence, as a share of the best one's.
    """
    best_first = sorted(range(len(sentences)), key=lambda i: -probabilities[i])
    selected: dict[str, CandidateSentence] = {}
    for i in best_first:
        if len(selected) == MAX_SENTENCES or probabilities[i] < join * probabilities[best_first[0]]:
            break
        selected.setdefault(sentences[i].text, sentences[i])
    articles = list(dict.fromkeys(one.article.id for one in selected.values()))
    return sorted(selected.values(), key=lambda one: (articles.index(one.article.id), one.span.start))
