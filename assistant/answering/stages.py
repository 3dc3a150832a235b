"""Stages of the answer pipeline: their names, and the milliseconds that each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Stage = Literal["rewrite", "search", "read", "answer", "write", "check", "link"]


class StageTimings(dict[str, float]):
    """Milliseconds by stage. ``on_stage`` is called with the name of a stage when it begins."""

    def __init__(self, on_stage: Callable[[Stage], None]) -> None:
        super().__init__()
        self.on_stage = on_stage
        self._current: Stage | None = None

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Add the time that the context takes to a stage, which goes on if it is the last one that began."""
        if stage != self._current:
            self._current = stage
            self.on_stage(stage)
        started = time.perf_counter()
        yield
        self[stage] = round(self.get(stage, 0) + milliseconds_since(started), 3)


def milliseconds_since(started: float) -> float:
    """Return the milliseconds since a value of ``time.perf_counter``."""
    return round(1000 * (time.perf_counter() - started), 3)
