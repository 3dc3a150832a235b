"""The teacher's configuration, checked before anything is read."""

import tomllib
from pathlib import Path

from pydantic import Field

from training.config import Optimiser, Values
from training.train import Pace


class Mixture(Values):
    """What is read, in which shares."""

    second_passage: float = Field(ge=0, le=1)
    held_out: tuple[str, ...] = ()
    shares: dict[str, float]
    times: dict[str, float] = Field(default_factory=dict)


class TeacherConfig(Values):
    """All that decides what weights come out."""

    seed: int
    trained_layers: int = Field(ge=0, le=12)
    window: int = Field(gt=0, le=400)
    readings: int = Field(gt=0)
    threads: int = Field(gt=0)
    optimiser: Optimiser
    pace: Pace
    mixture: Mixture

    @classmethod
    def load(cls, path: Path = Path(__file__).parent / "config.toml") -> "TeacherConfig":
        """Read a TOML file.

        Raises:
            ValidationError: a value is missing, unknown or out of its bounds.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
