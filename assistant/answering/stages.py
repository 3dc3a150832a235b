"""Stages of the answer pipeline: their names, and the milliseconds that each took."""

from collections.abc import Callable
from typing import Literal

Stage = Literal["rewrite", "search", "read", "answer", "write", "prove", "link"]


class StageTimings(dict[str, float]):
    """Milliseconds by stage. ``on_stage`` is called with the name of a stage when it begins."""

    def __init__(self, on_stage: Callable[[Stage], None]) -> None:
        super().__init__()
        self.on_stage = on_stage
