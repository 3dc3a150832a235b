"""The configuration of the teacher's and of the student's training, checked before anything is read."""

import tomllib
from pathlib import Path

from pydantic import Field

from training.config import Values


class Run(Values):
    """AdamW with a learning rate that rises in a line over the share ``warmup`` and falls to zero in a line.

    ``readings`` are how many passages are read in all; ``tokens`` the size of a batch.
    """

    readings: int = Field(gt=0)
    tokens: int = Field(gt=0)
    rate: float = Field(gt=0)
    warmup: float = Field(gt=0, lt=1)
    decay: float = Field(ge=0)
    clip: float = Field(gt=0)
    holds_weight: float = Field(ge=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)


class Mixture(Values):
    """What is read, in which shares.

    ``second_passage`` is the share of the answered questions that are read with a passage more, which does not answer
    them; ``packed`` that of the readings as a library holds them. Examples of the files ``held_out`` are not read.
    """

    second_passage: float = Field(ge=0, le=1)
    packed: float = Field(ge=0, le=1)
    held_out: tuple[str, ...] = ()
    shares: dict[str, float]
    times: dict[str, float] = Field(default_factory=dict)


class Config(Values):
    """All that decides what weights come out; ``teacher_weight`` is that of the teacher's opinion, for a student."""

    seed: int
    teacher_weight: float = Field(default=0.0, ge=0, le=1)
    run: Run
    mixture: Mixture

    @classmethod
    def load(cls, path: Path) -> "Config":
        """Read a TOML file.

        Raises:
            ValidationError: a value is missing, unknown or out of its bounds.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
