"""Measures of a confidence: risk over coverage, AUROC and calibration.

Answers with equal confidence count with their mean, so no result depends on the order of the questions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


class RiskCoverage(NamedTuple):
    """A risk–coverage curve, with a point for every distinct confidence.

    ``risk`` is the share of wrong answers among the questions whose confidence is at least ``threshold``; ``coverage``
    is the share of these questions.
    """

    coverage: Floats
    risk: Floats
    threshold: Floats


class Bin(NamedTuple):
    """Answers of similar confidence: their mean confidence, the share that was right, and their number."""

    confidence: float
    accuracy: float
    size: int


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> RiskCoverage:
    """Return the risk–coverage curve (El-Yaniv & Wiener 2010), with the coverage ascending to 1."""
    groups = _groups(confidence, right)
    counts, correct = np.cumsum(groups.counts), np.cumsum(groups.correct)
    return RiskCoverage(counts / counts[-1], 1 - correct / counts, groups.values)


def area_under_risk(confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the mean risk over all coverages 1/n … 1 (AURC, Geifman & El-Yaniv 2017); lower is better."""
    groups = _groups(confidence, right)
    expected = np.repeat(groups.correct / groups.counts, groups.counts.astype(int))
    return float(np.mean(1 - np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def accuracy_at(confidence: ArrayLike, right: ArrayLike, coverage: float) -> float:
    """Return the share of right answers among the most confident ``coverage`` (0–1) of the answers, at least one."""
    groups = _groups(confidence, right)
    total = max(1.0, coverage * groups.counts.sum())
    before = np.concatenate([[0.0], np.cumsum(groups.counts)[:-1]])
    included = np.clip(total - before, 0, groups.counts)
    return float((included * groups.correct / groups.counts).sum() / total)


def auroc(score: ArrayLike, positive: ArrayLike) -> float:
    """Return the probability that a positive scores above a negative, with ties as half; NaN without either."""
    positives = np.asarray(positive, dtype=np.float64) > 0.5
    plus, minus = np.count_nonzero(positives), np.count_nonzero(~positives)
    if not plus or not minus:
        return float("nan")
    # The Mann–Whitney U. scikit-learn's function takes twenty times as long, and an interval calls it 2,000 times.
    return float((rankdata(score)[positives].sum() - plus * (plus + 1) / 2) / (plus * minus))


def reliability(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> list[Bin]:
    """Return the answers in bins of equal width in confidence, without empty bins."""
    scores, correct = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    index = np.clip((scores * bins).astype(int), 0, bins - 1)
    return [
        Bin(float(scores[index == b].mean()), float(correct[index == b].mean()), int((index == b).sum()))
        for b in range(bins)
        if (index == b).any()
    ]


def calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Return the expected calibration error: the mean of |confidence − accuracy| over the answers (Guo et al. 2017)."""
    filled = reliability(confidence, right, bins)
    return sum(b.size * abs(b.confidence - b.accuracy) for b in filled) / sum(b.size for b in filled)


def balanced_accuracy(score: ArrayLike, positive: ArrayLike, threshold: float) -> float:
    """Return the mean of sensitivity and specificity of ``score >= threshold``; NaN without positives or negatives."""
    scores, positives = np.asarray(score, dtype=np.float64), np.asarray(positive, dtype=np.float64) > 0.5
    if positives.all() or not positives.any():
        return float("nan")
    return float(((scores[positives] >= threshold).mean() + (scores[~positives] < threshold).mean()) / 2)


def best_threshold(score: ArrayLike, positive: ArrayLike) -> float:
    """Return the threshold with the highest balanced accuracy. To be fitted on calibration data only."""
    candidates = np.unique(np.asarray(score, dtype=np.float64))
    return float(max(candidates, key=lambda threshold: balanced_accuracy(score, positive, float(threshold))))


class _Groups(NamedTuple):
    """Distinct confidences in descending order, with the numbers of answers and of right answers."""

    values: Floats
    counts: Floats
    correct: Floats


def _groups(confidence: ArrayLike, right: ArrayLike) -> _Groups:
    scores, correct = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(scores) or len(scores) != len(correct):
        raise ValueError("one confidence an answer, and at least one answer")
    values, inverse, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    return _Groups(-values, counts.astype(np.float64), np.bincount(inverse, weights=correct).astype(np.float64))
