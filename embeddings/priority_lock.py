"""A lock that threads answering a question get before threads that work in the background."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

# After so many turns of the foreground in a row the background gets one: about as many as three questions take.
MAX_FOREGROUND_STREAK = 32


class PriorityLock:
    """A lock between threads with two priorities: the background gets it only while no thread is in the foreground.

    Under constant load the background still gets one turn in ``MAX_FOREGROUND_STREAK``, so that an import finishes.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._locked = False
        self.background_waiting = 0  # threads
        self.foreground_active = 0  # threads, from before their first turn until after their last
        self._foreground_streak = 0  # turns of the foreground since the background's last one

    @contextmanager
    def foreground(self) -> Iterator[None]:
        """Keep the background waiting until this ends, also between the turns of the caller."""
        with self._changed:
            self.foreground_active += 1
        try:
            yield
        finally:
            with self._changed:
                self.foreground_active -= 1
                self._changed.notify_all()

    def give_way(self, seconds: float) -> None:
        """Wait until no thread is in the foreground, at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self.foreground_active, seconds)

    @contextmanager
    def hold(self, *, background: bool) -> Iterator[None]:
        """Wait for the lock and hold it for one turn."""
        with self._changed:
            self.background_waiting += background
            try:
                self._changed.wait_for(lambda: not self._locked and background == self._is_background_next())
            finally:
                self.background_waiting -= background
            self._locked = True
            self._foreground_streak = 0 if background else self._foreground_streak + 1
        try:
            yield
        finally:
            with self._changed:
                self._locked = False
                self._changed.notify_all()

    def _is_background_next(self) -> bool:
        return bool(self.background_waiting) and (
            not self.foreground_active or self._foreground_streak >= MAX_FOREGROUND_STREAK
        )


MODEL_LOCK = PriorityLock()
"""Held while one of this process's models computes: they share the processor's cores."""
