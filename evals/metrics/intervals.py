"""Uncertainty of figures: bootstrap confidence intervals and a paired test of a difference.

Questions are resampled as if they were independent. Questions about the same paragraph are not entirely independent, so
the intervals are slightly too narrow.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap, permutation_test

Floats = NDArray[np.float64]
RESAMPLES = 2_000
_BATCH = 100  # resamples in memory at once


class Interval(NamedTuple):
    """A statistic and the bounds of its 95 % confidence interval."""

    value: float
    low: float
    high: float


class Difference(NamedTuple):
    """The mean of ``a - b`` over the same questions, its 95 % interval, and the two-sided p value."""

    value: float
    low: float
    high: float
    p: float


def mean_interval(values: Sequence[float], *, seed: int = 0) -> Interval:
    """Return the mean of one value per question, with its percentile bootstrap interval (Efron & Tibshirani 1993).

    Raises:
        ValueError: There are no values.
    """
    return statistic_interval(np.mean, values, seed=seed)


def statistic_interval(statistic: Callable[..., float], *columns: Sequence[float], seed: int = 0) -> Interval:
    """Return a statistic with its percentile bootstrap interval.

    Args:
        statistic: A function of the columns. Resamples for which it is NaN are left out.
        columns: Columns of equal length, whose rows are resampled together.
        seed: The seed of the resamples.

    Raises:
        ValueError: There are no rows, or the columns differ in length.
    """
    arrays = [np.asarray(column, dtype=np.float64) for column in columns]
    if not arrays or not len(arrays[0]) or len({len(array) for array in arrays}) != 1:
        raise ValueError("an interval needs columns of one length, at least 1")
    value = float(statistic(*arrays))
    if len(arrays[0]) == 1:
        return Interval(value, value, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # of undefined resamples
        resampled = bootstrap(
            arrays,
            statistic,
            n_resamples=RESAMPLES,
            batch=_BATCH,
            paired=True,
            method="percentile",
            rng=np.random.default_rng(seed),
        ).bootstrap_distribution
    if np.isnan(resampled).all():
        return Interval(value, value, value)
    low, high = np.nanquantile(resampled, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def paired_difference(a: Sequence[float], b: Sequence[float], *, seed: int = 0) -> Difference:
    """Test a difference on the same questions by a randomisation test that flips signs (Smucker et al. 2007).

    The test is exact if there are at most ``RESAMPLES`` ways to flip the signs.

    Raises:
        ValueError: The sequences are empty or differ in length.
    """
    if len(a) != len(b):
        raise ValueError("a paired test needs one value a question on both sides")
    differences = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    interval = mean_interval(differences.tolist(), seed=seed)
    if len(differences) == 1:
        return Difference(*interval, p=1.0)  # either sign is as extreme
    test = permutation_test(
        [differences],
        lambda values, axis: abs(values.mean(axis=axis)),
        permutation_type="samples",
        n_resamples=RESAMPLES,
        alternative="greater",
        rng=np.random.default_rng(seed),
    )
    return Difference(*interval, p=float(test.pvalue))
