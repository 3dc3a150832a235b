"""Who computes next where one at a time does: people who wait for an answer before work that nobody waits for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

PATIENCE = 32  # turns that pass before work in the background gets one all the same: about what three questions take


class Turns:
    """A lock between threads that work in the background takes only while nobody else is there.

    Under a load that never ends it still gets one turn in ``PATIENCE``, so that an import comes to its end.
    """

    def __init__(self) -> None:
        """Nobody is there."""
        self._changed = Condition()
        self._taken = False
        self.patient = 0  # in the background, waiting for a turn
        self._passed = 0  # turns since one of them had one
        self.urgent = 0  # that are there, from their first turn to their last

    @contextmanager
    def urgently(self) -> Iterator[None]:
        """Until this ends the background waits, between turns as well."""
        with self._changed:
            self.urgent += 1
        try:
            yield
        finally:
            with self._changed:
                self.urgent -= 1
                self._changed.notify_all()

    @contextmanager
    def turn(self, *, background: bool) -> Iterator[None]:
        """Wait for a turn, and hold it."""
        with self._changed:
            self.patient += background
            try:
                self._changed.wait_for(lambda: not self._taken and background == self._backgrounds_turn())
            finally:
                self.patient -= background
            self._taken = True
            self._passed = 0 if background else self._passed + 1
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _backgrounds_turn(self) -> bool:
        return bool(self.patient) and (not self.urgent or self._passed >= PATIENCE)


MODELS = Turns()
"""Who uses this process's models next: they share its cores."""
