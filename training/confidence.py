"""Fits what ``training.calibrate`` writes: the models of sentences, answers and short answers, and their curves.

Confidence is evaluated out of fold, with folds by article, so that the risk–coverage curves are not computed on the
models' training data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.answering.calibration import Calibration, OperatingPoint
from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.extractive import select_sentences
from assistant.answering.features import ParsedQuestion, answer_features
from assistant.reading.logistic import Features, Logistic
from embeddings.encoder import Encoder
from evals.metrics.selection import auroc, calibration_error, risk_coverage

Kind = Literal["answerable", "wrong article", "looks answerable"]
MIX: dict[Kind, float] = {"answerable": 0.8, "wrong article": 0.1, "looks answerable": 0.1}
# What tells whether the short answer in a right sentence is right.
SHORT_ANSWER_FEATURES = (
    "span_share",
    "span_lead",
    "span",
    "holds",
    "supported",
    "contradicted",
    "has_sought",
    "lacks_sought",
)
FOLDS, CURVE_POINTS = 5, 60
JOINS = np.round(np.arange(0.3, 1.01, 0.05), 2)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CalibrationExample:
    """A question with its candidate sentences, their features (``signals``) and their labels.

    ``check`` returns what the checker says of a sentence, by its number; nothing without a reader. ``answers`` marks
    the sentences in which an annotated answer starts, ``holds`` also those that contain the words of an accepted one,
    and ``short`` those whose short answer is one. All are False unless the kind is "answerable".
    """

    kind: Kind
    article: str
    question: ParsedQuestion
    sentences: list[CandidateSentence]
    signals: list[Features]
    check: Callable[[int], Features]
    answers: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    short: NDArray[np.bool_]


def fit(examples: list[CalibrationExample], encoder: Encoder, accepted_risk: float) -> Calibration:
    """Return the calibration of examples, with the risk that is accepted by default."""
    fold = _folds([one.article for one in examples])
    weight = _mixed(examples)
    confidence, right = np.zeros(len(examples)), np.zeros(len(examples), bool)
    sentences = list[Logistic]()
    for i in range(FOLDS):
        inside = [one for one, f in zip(examples, fold, strict=True) if f != i]
        outside = [one for one, f in zip(examples, fold, strict=True) if f == i]
        sentence, join, answer, _ = _models(inside, weight[fold != i])
        confidence[fold == i] = [answer.probability(_whole(one, sentence)) for one in outside]
        right[fold == i] = [_is_right(one, sentence, join) for one in outside]
        sentences.append(sentence)
    sentence, join, answer, relevance = _models(examples, weight)
    has_short = any(one.short.any() for one in examples)  # without a reader there are no short answers
    short, short_curve = _short(examples, fold, [*sentences, sentence]) if has_short else (None, ())
    counts = {kind: sum(one.kind == kind for one in examples) for kind in MIX}
    repeats = np.maximum(1, np.round(weight * len(examples) * 10 / weight.sum())).astype(int)
    mixed_confidence, mixed_right = np.repeat(confidence, repeats), np.repeat(right, repeats)
    return Calibration(
        encoder=encoder.fingerprint.model,
        revision=encoder.fingerprint.revision,
        sentence=sentence,
        answer=answer,
        relevance=relevance,
        short=short,
        join=join,
        curve=_curve(mixed_confidence, mixed_right),
        short_curve=short_curve,
        accepted_risk=accepted_risk,
        made_from={
            "data": "squadshifts (CC BY 4.0) and squad2_calibrate8 (CC BY-SA 4.0)",
            "mix": ", ".join(f"{share:.0%} {kind}" for kind, share in MIX.items()),
            **counts,
            "right_if_all_answered": round(float(mixed_right.mean()), 4),
            "auroc_of_confidence": round(auroc(mixed_confidence, mixed_right), 4),
            "calibration_error": round(calibration_error(mixed_confidence, mixed_right), 4),
        },
    )


def _folds(articles: Sequence[str]) -> NDArray[np.int_]:
    """Return the fold of each example, by its article."""
    folds = {article: i % FOLDS for i, article in enumerate(sorted(set(articles)))}
    return np.array([folds[article] for article in articles])


def _mixed(examples: list[CalibrationExample]) -> Floats:
    """Return the weight of each example that gives every kind its share of ``MIX``."""
    counts = {kind: sum(one.kind == kind for one in examples) for kind in MIX}
    return np.array([MIX[one.kind] / counts[one.kind] for one in examples])


def _models(examples: list[CalibrationExample], weight: Floats) -> tuple[Logistic, float, Logistic, Logistic]:
    answerable = [one for one in examples if one.answers.any()]
    sentence = _logistic(
        [signals for one in answerable for signals in one.signals],
        np.concatenate([one.answers for one in answerable]),
    )
    join = max(JOINS, key=lambda join: np.mean([_sentence_f1(one, sentence, float(join)) for one in answerable]))
    wholes = [_whole(one, sentence) for one in examples]
    right = np.array([_is_right(one, sentence, float(join)) for one in examples])
    about = np.array([one.kind != "wrong article" for one in examples])
    balance = np.where(about, 0.5 / about.sum(), 0.5 / (~about).sum())
    return sentence, float(join), _logistic(wholes, right, weight), _logistic(wholes, about, balance)


def _logistic(signals: list[Features], labels: NDArray[np.bool_], weight: Floats | None = None) -> Logistic:
    """Fit a logistic regression on standardised features, with the scaling folded into its weights."""
    names = sorted(signals[0])
    values = np.array([[one[name] for name in names] for one in signals])
    scaler = StandardScaler().fit(values)
    if weight is not None:
        weight = weight * len(weight) / weight.sum()
    model = LogisticRegression(max_iter=5000).fit(scaler.transform(values), labels, weight)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return Logistic(bias=round(bias, 5), weights=dict(zip(names, weights.round(5).tolist(), strict=True)))


def _whole(example: CalibrationExample, sentence: Logistic) -> Features:
    scores = np.array([sentence.log_odds(one) for one in example.signals])
    return answer_features(example.question, example.signals, scores) | example.check(int(scores.argmax()))


def _short(
    examples: Sequence[CalibrationExample], fold: NDArray[np.int_], sentences: Sequence[Logistic]
) -> tuple[Logistic, tuple[OperatingPoint, ...]]:
    """Return the model of short answers, and its risk–coverage curve out of fold.

    ``sentences`` are the sentence models fitted without each fold, and last the one fitted to all examples.
    """
    confidence, right = list[float](), list[bool]()
    for i, sentence in enumerate(sentences[:-1]):
        fitted = _logistic(*_short_answers([one for one, f in zip(examples, fold, strict=True) if f != i], sentence))
        features, labels = _short_answers([one for one, f in zip(examples, fold, strict=True) if f == i], sentence)
        confidence += [fitted.probability(one) for one in features]
        right += labels.tolist()
    return _logistic(*_short_answers(examples, sentences[-1])), _curve(np.array(confidence), np.array(right))


def _short_answers(
    examples: Sequence[CalibrationExample], sentence: Logistic
) -> tuple[list[Features], NDArray[np.bool_]]:
    """Return the features of those whose best sentence is right, and whether its short answer is."""
    features, right = list[Features](), list[bool]()
    for one in examples:
        best = int(np.argmax([sentence.log_odds(signals) for signals in one.signals]))
        if one.holds[best]:
            whole = _whole(one, sentence)
            features.append({name: whole[name] for name in SHORT_ANSWER_FEATURES})
            right.append(bool(one.short[best]))
    return features, np.array(right)


def _chosen(example: CalibrationExample, sentence: Logistic, join: float) -> NDArray[np.bool_]:
    probability = [sentence.probability(one) for one in example.signals]
    chosen = {id(one) for one in select_sentences(example.sentences, probability, join)}
    return np.array([id(one) in chosen for one in example.sentences])


def _is_right(example: CalibrationExample, sentence: Logistic, join: float) -> bool:
    return bool((_chosen(example, sentence, join) & example.holds).any())


def _sentence_f1(example: CalibrationExample, sentence: Logistic, join: float) -> float:
    chosen = _chosen(example, sentence, join)
    both = int((chosen & example.answers).sum())
    return 2 * both / (int(chosen.sum()) + int(example.answers.sum()))


def _curve(confidence: Floats, right: NDArray[np.bool_]) -> tuple[OperatingPoint, ...]:
    """Return the risk–coverage curve at no more than ``CURVE_POINTS`` points, lowest coverage first."""
    curve = risk_coverage(confidence, right)
    picks = np.unique(
        np.searchsorted(curve.coverage, np.linspace(0.01, 1, CURVE_POINTS)).clip(0, len(curve.coverage) - 1)
    )
    return tuple(
        OperatingPoint(
            threshold=round(float(curve.threshold[i]), 4),
            coverage=round(float(curve.coverage[i]), 4),
            risk=round(float(curve.risk[i]), 4),
        )
        for i in picks
    )
