import pytest

from embeddings.cancellation import Cancelled, cancel_when, checkpoint, time_limit
from embeddings.errors import TookTooLong


def test_work_goes_on_while_somebody_waits_and_there_is_time() -> None:
    with cancel_when(lambda: False), time_limit("It", 60, "Wait."):
        checkpoint()
    checkpoint()


def test_work_is_cancelled_once_nobody_waits_and_only_within_what_they_waited_for() -> None:
    with cancel_when(lambda: True):
        with pytest.raises(Cancelled):
            checkpoint()
        with time_limit("It", 60, "Wait."), pytest.raises(Cancelled):
            checkpoint()
    checkpoint()


def work_for_ever() -> None:
    while True:
        checkpoint()


def test_work_that_takes_too_long_says_what_took_too_long() -> None:
    with time_limit("Reading it", 0, "Split it."), pytest.raises(TookTooLong, match=r"Reading it took.*Split it\."):
        work_for_ever()
