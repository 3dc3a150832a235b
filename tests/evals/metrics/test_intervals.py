import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.intervals import mean_interval, paired_difference, statistic_interval

shares = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@settings(max_examples=20)
@given(shares)
def test_the_interval_holds_the_mean_and_stays_within_the_values(values: list[float]) -> None:
    interval = mean_interval(values)
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9
    assert interval.value == pytest.approx(np.mean(values))


def test_the_same_seed_gives_the_same_interval_to_the_last_digit() -> None:
    values = np.random.default_rng(3).random(100).tolist()
    assert mean_interval(values) == mean_interval(values)


def test_the_interval_of_a_proportion_is_as_wide_as_theory_says() -> None:
    interval = mean_interval([1.0] * 300 + [0.0] * 100)
    half = 1.96 * math.sqrt(0.75 * 0.25 / 400)
    assert interval.low == pytest.approx(0.75 - half, abs=0.01)
    assert interval.high == pytest.approx(0.75 + half, abs=0.01)


def test_rows_of_several_columns_are_resampled_together() -> None:
    column = np.arange(20, dtype=float).tolist()
    interval = statistic_interval(lambda a, b: float((a - b).sum()), column, column)
    assert interval == (0.0, 0.0, 0.0)


def test_a_resample_without_a_value_is_left_out() -> None:
    column = [1.0] * 3 + [0.0]
    interval = statistic_interval(lambda values: 1.0 if (values == 0).any() else math.nan, column)
    assert interval == (1.0, 1.0, 1.0)


def test_the_interval_of_one_question_is_its_value() -> None:
    assert mean_interval([0.5]) == (0.5, 0.5, 0.5)


def test_the_bounds_are_those_of_the_resamples_that_the_seed_draws() -> None:
    values = np.random.default_rng(3).random(40)
    rng = np.random.default_rng(7)
    means = [values[rng.integers(0, 40, 40)].mean() for _ in range(2_000)]
    interval = mean_interval(values.tolist(), seed=7)
    assert (interval.low, interval.high) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), abs=1e-12)


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        mean_interval([])


def test_a_real_difference_is_significant_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    base = rng.random(80)
    assert paired_difference((base + 0.1).tolist(), base.tolist()).p < 0.01
    noise = rng.permutation([1.0] * 40 + [-1.0] * 40)
    assert paired_difference((base + noise).tolist(), base.tolist()).p > 0.5


def test_the_randomisation_test_is_exact_on_a_case_worked_by_hand() -> None:
    # Five questions, all better by the same: of the 32 sign patterns two are as extreme, so p is 2/32.
    assert paired_difference([1.0] * 5, [0.0] * 5).p == 2 / 32


def test_no_difference_has_p_1() -> None:
    assert paired_difference([0.5, 0.2], [0.5, 0.2]).p == 1.0
    assert paired_difference([0.5], [0.2]).p == 1.0
