"""The training's configuration, checked before anything is read."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Examples(_Values):
    """What share of the questions is read in which way; see ``config.toml``."""

    hard_negative: float = Field(ge=0, le=1)
    wrong_passages: float = Field(ge=0, le=1)
    altered: float = Field(ge=0, le=1)
    heading: float = Field(ge=0, le=1)
    window: int = Field(gt=0, le=400)


class Optimiser(_Values):
    """AdamW with a linear warm-up and a linear decay to zero."""

    steps: int = Field(gt=0)
    questions: int = Field(gt=0)
    rate: float = Field(gt=0)
    warmup: float = Field(ge=0, lt=1)
    decay: float = Field(ge=0)
    clip: float = Field(gt=0)
    holds_weight: float = Field(ge=0)


class Config(_Values):
    """All that decides what weights come out."""

    seed: int
    examples: Examples
    optimiser: Optimiser

    @classmethod
    def load(cls, path: Path) -> "Config":
        """Read a TOML file.

        Raises:
            ValidationError: a value is missing, unknown or out of its bounds.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
