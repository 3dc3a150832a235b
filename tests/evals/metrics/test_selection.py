import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.selection import (
    accuracy_at,
    area_under_risk,
    auroc,
    balanced_accuracy,
    best_threshold,
    calibration_error,
    reliability,
    risk_coverage,
)

answers = st.lists(st.tuples(st.integers(0, 10).map(lambda i: i / 10), st.booleans()), min_size=2, max_size=40)


def test_the_curve_agrees_with_an_example_worked_by_hand() -> None:
    curve = risk_coverage([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0])
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0.0, 1 / 3, 0.5])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.1]


@given(answers)
def test_at_full_coverage_accuracy_is_the_share_right(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*pairs, strict=True)
    assert accuracy_at(confidence, right, 1.0) == pytest.approx(np.mean(right))
    assert risk_coverage(confidence, right).risk[-1] == pytest.approx(1 - np.mean(right))


@given(answers, st.randoms(use_true_random=False), st.floats(0.01, 1))
def test_no_figure_depends_on_the_order_of_the_questions(
    pairs: list[tuple[float, bool]], random: Random, share: float
) -> None:
    shuffled = random.sample(pairs, len(pairs))
    (confidence, right), (other_confidence, other_right) = (zip(*side, strict=True) for side in (pairs, shuffled))
    assert accuracy_at(confidence, right, share) == pytest.approx(accuracy_at(other_confidence, other_right, share))
    assert area_under_risk(confidence, right) == pytest.approx(area_under_risk(other_confidence, other_right))
    assert calibration_error(confidence, right) == pytest.approx(calibration_error(other_confidence, other_right))


@given(answers)
def test_the_area_is_the_mean_risk_over_all_coverages(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*pairs, strict=True)
    n = len(pairs)
    risks = [1 - accuracy_at(confidence, right, k / n) for k in range(1, n + 1)]
    assert area_under_risk(confidence, right) == pytest.approx(np.mean(risks))


@given(answers)
def test_auroc_and_balanced_accuracy_agree_with_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score  # takes seconds to load

    scores, positive = zip(*pairs, strict=True)
    if len(set(positive)) == 1:
        assert math.isnan(auroc(scores, positive))
        assert math.isnan(balanced_accuracy(scores, positive, 0.5))
    else:
        assert auroc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))
        expected = balanced_accuracy_score(positive, np.asarray(scores) >= 0.5)
        assert balanced_accuracy(scores, positive, 0.5) == pytest.approx(expected)


@given(answers)
def test_the_best_threshold_beats_every_other(pairs: list[tuple[float, bool]]) -> None:
    scores, positive = zip(*pairs, strict=True)
    if len(set(positive)) == 2:
        best = balanced_accuracy(scores, positive, best_threshold(scores, positive))
        assert all(best >= balanced_accuracy(scores, positive, score) for score in scores)


def test_a_perfectly_calibrated_confidence_has_no_calibration_error() -> None:
    assert calibration_error([0.75] * 4 + [0.0] * 2, [1, 1, 1, 0, 0, 0]) == pytest.approx(0.0)
    assert calibration_error([1.0] * 4, [0, 0, 1, 1]) == pytest.approx(0.5)


@given(answers)
def test_every_answer_is_in_one_bin(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*pairs, strict=True)
    assert sum(bin_.size for bin_ in reliability(confidence, right)) == len(pairs)


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([1.0, 3.0, 2.0, 4.0], [False, True, True, False]) == 0.5
