import pytest

from embeddings.cancellation import Cancelled, cancel_when, checkpoint, pause_every, time_limit
from embeddings.errors import TookTooLong


def test_a_checkpoint_passes_before_cancellation_and_deadline() -> None:
    with cancel_when(lambda: False), time_limit("It", 60, "Wait."):
        checkpoint()
    checkpoint()


def test_cancellation_applies_inside_its_context_only() -> None:
    with cancel_when(lambda: True):
        with pytest.raises(Cancelled):
            checkpoint()
        with time_limit("It", 60, "Wait."), pytest.raises(Cancelled):
            checkpoint()
    checkpoint()


def work_for_ever() -> None:
    while True:
        checkpoint()


def test_the_error_of_a_time_limit_names_the_work() -> None:
    with time_limit("Reading it", 0, "Split it."), pytest.raises(TookTooLong, match=r"Reading it took.*Split it\."):
        work_for_ever()


def test_long_work_pauses_and_goes_on() -> None:
    pauses = list[int]()

    def is_enough() -> bool:
        return len(pauses) == 3

    with pause_every(0.01, lambda: pauses.append(1)), cancel_when(is_enough), pytest.raises(Cancelled):
        work_for_ever()


def test_work_of_less_than_a_turn_does_not_pause() -> None:
    pauses = list[int]()
    with pause_every(60, lambda: pauses.append(1)):
        checkpoint()
    assert not pauses
