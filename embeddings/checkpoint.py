"""Long work that can be stopped: between its steps it asks whether it has time left, and whether anybody waits for it.

Who waits is known far away from the loops that take long, so it is not handed down to them from call to call.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from embeddings.errors import TookTooLong

_checks: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("checks", default=())


class Cancelled(BaseException):
    """Nobody waits for this work any longer. As with the cancellation of a task, this is no error to be handled."""


def checkpoint() -> None:
    """Go on, if the work may.

    Raises:
        Cancelled: nobody waits for it any longer.
        TookTooLong: its time is up.
    """
    for check in _checks.get():
        check()


@contextmanager
def until(left: Callable[[], bool]) -> Iterator[None]:
    """Within this, work is cancelled at its next checkpoint once ``left`` says that nobody waits for it any longer."""

    def check() -> None:
        if left():
            raise Cancelled

    with _checking(check):
        yield


@contextmanager
def time_limit(what: str, seconds: float, hint: str) -> Iterator[None]:
    """Within this, ``what`` may take so many seconds; ``hint`` says what to do where that is not enough."""
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise TookTooLong(what, seconds, hint)

    with _checking(check):
        yield


@contextmanager
def _checking(check: Callable[[], None]) -> Iterator[None]:
    token = _checks.set((*_checks.get(), check))
    try:
        yield
    finally:
        _checks.reset(token)
