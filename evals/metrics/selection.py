"""Whether a confidence knows when the answer is right: risk over coverage, AUROC, calibration.

Answers of equal confidence cannot be told apart, so every function here gives them their mean: no result depends on
the order of the questions.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


class RiskCoverage(NamedTuple):
    """Share of wrong answers among the most confident ``coverage`` of the questions, at every distinct confidence."""

    coverage: Floats
    risk: Floats
    threshold: Floats


class Bin(NamedTuple):
    """Answers of like confidence: their mean confidence, the share that was right, and how many they are."""

    confidence: float
    right: float
    size: int


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> RiskCoverage:
    """The risk–coverage curve (El-Yaniv & Wiener 2010), coverage rising to 1."""
    groups = _groups(confidence, right)
    counts, rights = np.cumsum(groups.counts), np.cumsum(groups.rights)
    return RiskCoverage(counts / counts[-1], 1 - rights / counts, groups.values)


def area_under_risk(confidence: ArrayLike, right: ArrayLike) -> float:
    """Mean risk over all coverages 1/n … 1 (AURC, Geifman & El-Yaniv 2017); lower is better."""
    groups = _groups(confidence, right)
    expected = np.repeat(groups.rights / groups.counts, groups.counts.astype(int))
    return float(np.mean(1 - np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def accuracy_at(confidence: ArrayLike, right: ArrayLike, coverage: float) -> float:
    """Share right among the most confident ``coverage`` (0–1) of the answers, at least one of them."""
    groups = _groups(confidence, right)
    wanted = max(1.0, coverage * groups.counts.sum())
    before = np.concatenate([[0.0], np.cumsum(groups.counts)[:-1]])
    taken = np.clip(wanted - before, 0, groups.counts)
    return float((taken * groups.rights / groups.counts).sum() / wanted)


def auroc(score: ArrayLike, positive: ArrayLike) -> float:
    """Probability that a positive scores above a negative, ties counting half; NaN when one of them is missing."""
    positives = np.asarray(positive, dtype=np.float64) > 0.5
    plus, minus = np.count_nonzero(positives), np.count_nonzero(~positives)
    if not plus or not minus:
        return float("nan")
    # Mann and Whitney's U; scikit-learn's function takes twenty times as long, of which an interval calls 2,000.
    return float((rankdata(score)[positives].sum() - plus * (plus + 1) / 2) / (plus * minus))


def reliability(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> list[Bin]:
    """Answers in bins of equal width in confidence; empty bins are left out."""
    scores, rights = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    index = np.clip((scores * bins).astype(int), 0, bins - 1)
    return [
        Bin(float(scores[index == b].mean()), float(rights[index == b].mean()), int((index == b).sum()))
        for b in range(bins)
        if (index == b).any()
    ]


def calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and share right, weighted by bin (Guo et al. 2017)."""
    filled = reliability(confidence, right, bins)
    return sum(b.size * abs(b.confidence - b.right) for b in filled) / sum(b.size for b in filled)


def balanced_accuracy(score: ArrayLike, positive: ArrayLike, threshold: float) -> float:
    """Mean of the shares right among positives (``score >= threshold``) and among negatives; NaN without either."""
    scores, positives = np.asarray(score, dtype=np.float64), np.asarray(positive, dtype=np.float64) > 0.5
    if positives.all() or not positives.any():
        return float("nan")
    return float(((scores[positives] >= threshold).mean() + (scores[~positives] < threshold).mean()) / 2)


def best_threshold(score: ArrayLike, positive: ArrayLike) -> float:
    """The score that parts positives from negatives best; only ever to be fitted on calibration data."""
    candidates = np.unique(np.asarray(score, dtype=np.float64))
    return float(max(candidates, key=lambda threshold: balanced_accuracy(score, positive, float(threshold))))


class _Groups(NamedTuple):
    values: Floats
    counts: Floats
    rights: Floats


def _groups(confidence: ArrayLike, right: ArrayLike) -> _Groups:
    scores, rights = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(scores) or len(scores) != len(rights):
        raise ValueError("one confidence an answer, and at least one answer")
    values, inverse, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    return _Groups(-values, counts.astype(np.float64), np.bincount(inverse, weights=rights).astype(np.float64))
