"""Fits what ``training.calibrate`` writes: models of sentences, answers and short answers, a risk–coverage curve.

Confidence is evaluated out of fold, with folds by article, so that the curve is not computed on the
models' training data.
"""

from collections.abc import Callable, Iterator, Sequence
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
from assistant.reading.logistic import Features, Logistic, feature_value
from embeddings.encoder import Encoder
from evals.metrics.selection import auroc, calibration_error, risk_coverage

Kind = Literal["answerable", "wrong article", "looks answerable"]
MIX: dict[Kind, float] = {"answerable": 0.8, "wrong article": 0.1, "looks answerable": 0.1}
# What tells whether the short answer in the best sentence is right.
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
ANSWER_STRENGTH = 0.02  # inverse of the regularisation: the least log loss out of fold of .003 to 1
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


@dataclass(frozen=True)
class ScoredExample:
    """An example with the number of its best sentence, the probabilities of all, and the features of its answer."""

    example: CalibrationExample
    best: int
    probabilities: list[float]
    features: Features

    @classmethod
    def by(cls, sentence: Logistic, example: CalibrationExample) -> "ScoredExample":
        """Score the sentences of an example as the answerer does."""
        scores = np.array([sentence.log_odds(signals) for signals in example.signals])
        best = int(scores.argmax())
        features = answer_features(example.question, example.signals, scores, example.check(best))
        return cls(example, best, [sentence.probability(signals) for signals in example.signals], features)

    def chosen(self, join: float) -> NDArray[np.bool_]:
        """Return which sentences are the answer."""
        sentences = self.example.sentences
        chosen = {id(one) for one in select_sentences(sentences, self.probabilities, join)}
        return np.array([id(one) in chosen for one in sentences])

    def is_right(self, join: float) -> bool:
        """Whether a sentence of the answer holds an accepted answer."""
        return bool((self.chosen(join) & self.example.holds).any())

    def has_short_answer(self) -> bool:
        """Whether the short answer in the best sentence is right."""
        return bool(self.example.short[self.best])

    def sentence_f1(self, join: float) -> float:
        """Return the F1 of the sentences of the answer."""
        chosen, answers = self.chosen(join), self.example.answers
        return 2 * int((chosen & answers).sum()) / (int(chosen.sum()) + int(answers.sum()))


def fit(examples: list[CalibrationExample], encoder: Encoder, accepted_risk: float) -> Calibration:
    """Return the calibration of examples, with the risk that is accepted by default."""
    kinds = [one.kind for one in examples]
    weight = mix_weights(kinds)
    size = len(examples)
    confidence, right = np.zeros(size), np.zeros(size, bool)
    for inside, outside in folds([one.article for one in examples]):
        models = _Models([examples[j] for j in inside], weight[inside])
        for j in outside:
            scored = ScoredExample.by(models.sentence, examples[j])
            confidence[j], right[j] = models.answer.probability(scored.features), scored.is_right(models.join)
    models = _Models(examples, weight)
    curve, figures = evaluate(kinds, confidence, right)
    return Calibration(
        encoder=encoder.fingerprint.model,
        revision=encoder.fingerprint.revision,
        sentence=models.sentence,
        answer=models.answer,
        relevance=models.relevance,
        short=models.short,
        join=models.join,
        accepted_risk=accepted_risk,
        curve=curve,
        made_from={"data": "squadshifts (CC BY 4.0) and squad2_calibrate8 (CC BY-SA 4.0)", **figures},
    )


def evaluate(
    kinds: Sequence[Kind], confidence: Floats, right: NDArray[np.bool_]
) -> tuple[tuple[OperatingPoint, ...], dict[str, str | int | float]]:
    """Return the risk–coverage curve of answers in the mix, and the figures of their confidence."""
    weight = mix_weights(kinds)
    repeats = np.maximum(1, np.round(weight * len(kinds) * 10 / weight.sum())).astype(int)
    confidence, right = np.repeat(confidence, repeats), np.repeat(right, repeats)
    return _curve(confidence, right), {
        "mix": ", ".join(f"{share:.0%} {kind}" for kind, share in MIX.items()),
        **{kind: kinds.count(kind) for kind in MIX},
        "right_if_all_answered": round(float(right.mean()), 4),
        "auroc_of_confidence": round(auroc(confidence, right), 4),
        "calibration_error": round(calibration_error(confidence, right), 4),
    }


def folds(articles: Sequence[str]) -> Iterator[tuple[NDArray[np.int_], NDArray[np.int_]]]:
    """Yield for each fold the numbers of the examples outside, to fit to, and of those in it. An article is in one."""
    numbers = {article: i % FOLDS for i, article in enumerate(sorted(set(articles)))}
    fold = np.array([numbers[article] for article in articles])
    for i in range(FOLDS):
        yield np.flatnonzero(fold != i), np.flatnonzero(fold == i)


def mix_weights(kinds: Sequence[Kind]) -> Floats:
    """Return the weight of each example that gives every kind its share of ``MIX``."""
    return np.array([MIX[kind] / kinds.count(kind) for kind in kinds])


class _Models:
    """All models that are fitted to examples."""

    def __init__(self, examples: Sequence[CalibrationExample], weight: Floats) -> None:
        answerable = [one for one in examples if one.answers.any()]
        self.sentence = fit_logistic(
            [signals for one in answerable for signals in one.signals],
            np.concatenate([one.answers for one in answerable]),
        )
        scored = [ScoredExample.by(self.sentence, one) for one in examples]
        answered = [one for one in scored if one.example.answers.any()]
        self.join = float(max(JOINS, key=lambda join: np.mean([one.sentence_f1(float(join)) for one in answered])))
        features = [one.features for one in scored]
        about = np.array([one.kind != "wrong article" for one in examples])
        self.answer = fit_answer_model(features, np.array([one.is_right(self.join) for one in scored]), weight)
        self.relevance = fit_answer_model(features, about, np.where(about, 0.5 / about.sum(), 0.5 / (~about).sum()))
        self.short = None
        if any(one.short.any() for one in examples):  # there is a reader
            of_short = [{name: one[name] for name in SHORT_ANSWER_FEATURES} for one in features]
            self.short = fit_logistic(of_short, np.array([one.has_short_answer() for one in scored]), weight)


def fit_answer_model(features: list[Features], labels: NDArray[np.bool_], weight: Floats) -> Logistic:
    """Fit a model of answers: how much a contradiction says depends on all else, so its products are features too."""
    names = sorted(features[0])
    products = [f"contradicted*{name}" for name in names if name != "contradicted"] if "contradicted" in names else []
    return fit_logistic(features, labels, weight, names=[*names, *products], strength=ANSWER_STRENGTH)


def fit_logistic(
    signals: list[Features],
    labels: NDArray[np.bool_],
    weight: Floats | None = None,
    *,
    names: Sequence[str] = (),
    strength: float = 1.0,
) -> Logistic:
    """Fit a logistic regression on standardised features, with the scaling folded into its weights.

    ``names`` are those of the features, by default all; ``strength`` is the inverse of the regularisation.
    """
    names = names or sorted(signals[0])
    values = np.array([[feature_value(one, name) for name in names] for one in signals])
    scaler = StandardScaler().fit(values)
    if weight is not None:
        weight = weight * len(weight) / weight.sum()
    model = LogisticRegression(C=strength, max_iter=5000).fit(scaler.transform(values), labels, weight)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return Logistic(bias=round(bias, 5), weights=dict(zip(names, weights.round(5).tolist(), strict=True)))


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
