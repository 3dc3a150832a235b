import math

import pytest

from assistant.reading.logistic import Logistic


def test_a_name_with_an_asterisk_is_a_product() -> None:
    model = Logistic(bias=1.0, weights={"a": 2.0, "a*b": -3.0})
    assert model.log_odds({"a": 0.5, "b": 4.0, "unused": 9.0}) == pytest.approx(1 + 1 - 6)


def test_the_probability_has_the_log_odds() -> None:
    model = Logistic(bias=0.0, weights={"a": 1.0})
    assert model.probability({"a": math.log(3)}) == pytest.approx(0.75)
    assert 0 <= model.probability({"a": -800.0}) <= model.probability({"a": 800.0}) <= 1
