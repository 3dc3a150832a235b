"""Cancellation, time limits and pauses of long work, which calls :func:`checkpoint` between its steps.

They are set with context managers and kept in a context variable, so that the loops that take long need no extra
arguments.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from embeddings.errors import TookTooLong

_checks: ContextVar[tuple[Callable[[], None], ...]] = ContextVar("checks", default=())


class Cancelled(BaseException):
    """The result of this work is no longer wanted. Like a task's cancellation, this is not an error to be handled."""


def checkpoint() -> None:
    """Raise if the current work has to stop, and pause if it has to.

    Raises:
        Cancelled: The result is no longer wanted.
        TookTooLong: The time limit has passed.
    """
    for check in _checks.get():
        check()


@contextmanager
def cancel_when(is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Cancel the work inside this context at the first checkpoint at which ``is_cancelled`` returns True."""

    def check() -> None:
        if is_cancelled():
            raise Cancelled

    with _checking(check):
        yield


@contextmanager
def time_limit(what: str, seconds: float, hint: str) -> Iterator[None]:
    """Limit the time of the work inside this context.

    Args:
        what: The work, as the subject of the error's message.
        seconds: The limit.
        hint: What to do when the limit has passed.
    """
    deadline = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > deadline:
            raise TookTooLong(what, seconds, hint)

    with _checking(check):
        yield


@contextmanager
def pause_every(seconds: float, pause: Callable[[], None]) -> Iterator[None]:
    """Call ``pause`` at checkpoints of the work inside this context, once in so many seconds of work."""
    resumed = time.monotonic()

    def check() -> None:
        nonlocal resumed
        if time.monotonic() - resumed > seconds:
            pause()
            resumed = time.monotonic()

    with _checking(check):
        yield


@contextmanager
def _checking(check: Callable[[], None]) -> Iterator[None]:
    token = _checks.set((*_checks.get(), check))
    try:
        yield
    finally:
        _checks.reset(token)
