"""The configuration of the training of the checkers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class EntailmentRun:
    """Optimisation of one network; the fields are those of :class:`training.pool.config.RunConfig`.

    No validation library takes part, so that the training needs little more than PyTorch on the machine that has a GPU.
    """

    readings: int
    tokens: int
    rate: float
    warmup: float
    decay: float
    clip: float
    dropout: float
    frozen_layers: int


@dataclass(frozen=True)
class EntailmentConfig:
    """Both runs, the weight of the teacher in the small network's loss, and how often each kind is read in a round."""

    seed: int
    teacher_weight: float
    runs: Mapping[str, EntailmentRun]
    times: Mapping[str, float]

    @classmethod
    def load(cls, path: Path) -> "EntailmentConfig":
        """Return the configuration of a TOML file."""
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        runs = {name: EntailmentRun(**found[name]) for name in ("careful", "small")}
        return cls(found["seed"], found["teacher_weight"], runs, found["times"])
