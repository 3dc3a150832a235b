"""Pairwise ranking: fits weights that rank the right members of a list above the wrong ones."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.reading.logistic import Features, Logistic


def pairwise(lists: Iterable[tuple[Sequence[Features], NDArray[np.bool_]]]) -> Logistic:
    """Fit a logistic regression to the differences between right and wrong members of the same list, as in RankNet.

    A regression over the members themselves would also learn which lists are easy, at the expense of the order within
    lists. Source: Burges and others, "Learning to Rank using Gradient Descent" (2005).

    Args:
        lists: the features of each list's n members, and which of them are right (n,).

    Raises:
        ValueError: no list has both right and wrong members.
    """
    from sklearn.linear_model import LogisticRegression

    differences, names = [], list[str]()
    for signals, right in lists:
        if right.any() and not right.all():
            names = sorted(signals[0])
            values = np.array([[one[name] for name in names] for one in signals])
            differences.append((values[right][:, None] - values[~right]).reshape(-1, len(names)))
    if not differences:
        raise ValueError("no list has both right and wrong members")
    pairs = np.concatenate(differences)
    scale = pairs.std(axis=0) + 1e-9
    model = LogisticRegression(fit_intercept=False, max_iter=5000)
    model.fit(np.concatenate([pairs, -pairs]) / scale, np.repeat([True, False], len(pairs)))
    return Logistic(bias=0.0, weights=dict(zip(names, (model.coef_[0] / scale).round(5).tolist(), strict=True)))
