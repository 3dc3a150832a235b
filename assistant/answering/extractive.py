"""Answers without a language model: the sentence, or the few, that answer, word for word as they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Reason
from assistant.answering.calibration import Calibration
from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.answering.features import ParsedQuestion, answer_features, sentence_features
from assistant.answering.presupposition import presupposition_features
from assistant.answering.reader_features import best_span, reader_features
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.draft_answer import DraftAnswer, DraftSentence, Quote
from assistant.reading.logistic import Features
from embeddings.encoder import Encoder
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span

MOST_SENTENCES = 3  # an answer, not a summary
MOST_QUOTES = 3  # places to cite for a sentence that stands in several articles
_POINTS_BACK = re.compile(r"(?:(?:And|But|So|Yet|Then|However),? )?(?:He|She|It|They|This|These|Those|His|Her|Their)\b")


@dataclass(frozen=True)
class ScoredSentences:
    """What was made of the passages: each sentence with its signals and its probability, and the answer's."""

    sentences: list[CandidateSentence]
    probability: list[float]
    answer: Features


class Extractive:
    """Scores every sentence of the passages and abstains below a threshold that comes from calibration data."""

    def __init__(self, encoder: Encoder, calibration: Calibration, *, max_risk: float | None) -> None:
        """``max_risk`` is the share of wrong answers, among those given, that the operator accepts.

        None stands for the calibration's own.
        """
        self._vectors = SentenceVectors(encoder)
        self._calibration = calibration
        self._point = calibration.point(max_risk)
        self._short_point = calibration.short_point(max_risk)

    def answer(self, question: str, hits: Sequence[Hit]) -> DraftAnswer:
        """The sentences that answer, in reading order; or an abstention with its reason."""
        if not hits:
            return DraftAnswer((), 0.0, "extractive", "no_relevant_passage")
        reading = self.read(question, hits)
        # Rounded, because a text that is encoded in another batch differs in the seventh digit.
        confidence = round(self._calibration.answer.probability(reading.answer), 4)
        threshold = self._point.threshold
        if confidence < threshold:
            relevant = self._calibration.relevance.log_odds(reading.answer) > 0
            reason: Reason = "not_answered_by_passages" if relevant else "no_relevant_passage"
            return DraftAnswer((), confidence, "extractive", reason, threshold=threshold, signals=reading.answer)
        best = reading.sentences[int(np.argmax(reading.probability))]
        chosen = choose(reading.sentences, reading.probability, self._calibration.join)
        sentences = tuple(_drafted(one, reading.sentences) for one in chosen)
        return DraftAnswer(
            sentences,
            confidence,
            "extractive",
            short_answer=self._short(best),
            threshold=threshold,
            signals=reading.answer,
        )

    def _short(self, sentence: CandidateSentence) -> str | None:
        """The short answer in a sentence, where it is as sure as the operator wants."""
        found = best_span(sentence)
        if found is None or self._short_point is None or found.share < self._short_point.threshold:
            return None
        return sentence.hit.excerpt.cut(found.span) if found.span != sentence.span else None

    def read(self, question: str, hits: Sequence[Hit]) -> ScoredSentences:
        """Every sentence of the passages, and how likely it is to answer."""
        parsed = ParsedQuestion.parse(question)
        sentences = candidate_sentences(hits)
        cosine = self._vectors.cosine(question, [one.text for one in sentences])
        signals = described(parsed, sentences, cosine)
        score = np.array([self._calibration.sentence.log_odds(one) for one in signals])
        probability = [self._calibration.sentence.probability(one) for one in signals]
        return ScoredSentences(sentences, probability, answer_features(parsed, signals, score))


def described(
    question: ParsedQuestion, sentences: Sequence[CandidateSentence], cosine: NDArray[np.float64]
) -> list[Features]:
    """All signals of each sentence; ``cosine`` (n,) is that of question and sentence."""
    parts = (
        sentence_features(question, sentences, cosine),
        reader_features(sentences),
        presupposition_features(question, sentences),
    )
    return [a | b | c for a, b, c in zip(*parts, strict=True)]


def choose(
    sentences: Sequence[CandidateSentence], probability: Sequence[float], join: float
) -> list[CandidateSentence]:
    """The best sentence and those nearly as good, in reading order: the best one's article first, then by place.

    One that begins by pointing back ("He said …") brings the sentence before it.
    """
    order = sorted(range(len(sentences)), key=lambda i: -probability[i])
    said: dict[str, CandidateSentence] = {}
    for i in order:
        if len(said) == MOST_SENTENCES or probability[i] < join * probability[order[0]]:
            break
        said.setdefault(sentences[i].text, sentences[i])
    for one in list(said.values()):
        if _POINTS_BACK.match(one.text) and len(said) < MOST_SENTENCES and (before := _before(one, sentences)):
            said.setdefault(before.text, before)
    articles = list(dict.fromkeys(one.article.id for one in said.values()))
    return sorted(said.values(), key=lambda one: (articles.index(one.article.id), one.span.start))


def _before(one: CandidateSentence, sentences: Sequence[CandidateSentence]) -> CandidateSentence | None:
    """The sentence right before one in the same paragraph."""
    return next((other for other in sentences if _adjoin(other, one)), None)


def _adjoin(before: CandidateSentence, after: CandidateSentence) -> bool:
    if before.article.id != after.article.id or before.span.end > after.span.start:
        return False
    gap = Span(start=before.span.end, end=after.span.start)
    for hit in (before.hit, after.hit):
        if hit.passage.span.contains(gap):
            between = hit.excerpt.cut(gap)
            return between.isspace() and "\n\n" not in between
    # Between a passage and the next, where they share no sentence, there is nothing but white space.
    last = before.span.end == before.hit.passage.span.end and after.span.start == after.hit.passage.span.start
    return last and before.hit.passage.key + 1 == after.hit.passage.key and before.paragraph == after.paragraph


def _drafted(chosen: CandidateSentence, sentences: Sequence[CandidateSentence]) -> DraftSentence:
    """The sentence, with every place where it stands word for word."""
    same = [one for one in sentences if one.text == chosen.text and one.span != chosen.span]
    return DraftSentence(
        chosen.text, tuple(Quote.cut(one.hit.excerpt, one.span) for one in [chosen, *same][:MOST_QUOTES])
    )
