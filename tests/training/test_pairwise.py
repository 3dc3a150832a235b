import numpy as np
import pytest

from assistant.reading.logistic import Features
from training.pairwise import pairwise


def signals(ease: float, lead: float) -> Features:
    return {"score": ease + lead, "noise": -lead * ease}


def test_only_the_order_within_a_list_counts() -> None:
    # The wrong ones of the easy list have far higher scores than the right one of the hard list.
    lists = [
        ([signals(9, 0), signals(9, 1), signals(9, 0.5)], np.array([False, True, False])),
        ([signals(-9, 1), signals(-9, 0), signals(-9, 0.5)], np.array([True, False, False])),
    ]
    order = pairwise(lists)
    assert order.weights["score"] > 0
    for members, right in lists:
        assert int(np.argmax([order.log_odds(one) for one in members])) == int(np.argmax(right))


def test_lists_that_are_right_or_wrong_throughout_say_nothing() -> None:
    member = [signals(1, 0), signals(1, 1)]
    with pytest.raises(ValueError, match="both right and wrong"):
        pairwise([(member, np.array([True, True])), (member, np.array([False, False]))])
