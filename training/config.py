"""Configuration of the training, validated when it is loaded."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from training.altered import Way


class Values(BaseModel):
    """Base class of configuration models: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Examples(Values):
    """Shares of the questions that are read in each way; ``config.toml`` explains the fields."""

    hard_negative: float = Field(ge=0, le=1)
    wrong_passages: float = Field(ge=0, le=1)
    altered: float = Field(ge=0, le=1)
    cut_out: float = Field(ge=0, le=1)
    terse: float = Field(ge=0, le=1)
    reworded: float = Field(ge=0, le=1)
    packed: float = Field(ge=0, le=1)
    heading: float = Field(ge=0, le=1)
    window: int = Field(gt=0, le=400)
    times: dict[str, float] = {}
    ways: dict[Way, Annotated[float, Field(gt=0)]]


class Optimiser(Values):
    """AdamW with a linear warm-up, and a linear decay to zero over the last ``cooling`` share of the steps."""

    steps: int = Field(gt=0)
    questions: int = Field(gt=0)
    rate: float = Field(gt=0)
    warmup: float = Field(ge=0, lt=1)
    cooling: float = Field(default=1.0, gt=0, le=1)
    decay: float = Field(ge=0)
    clip: float = Field(gt=0)
    holds_weight: float = Field(ge=0)


class Stage(Values):
    """A stage of the training with its own examples; it continues from the previous stage."""

    name: str
    examples: Examples
    optimiser: Optimiser


class Config(Values):
    """Everything that determines the trained weights: seed, stages, and which stages are averaged."""

    seed: int
    average: tuple[str, ...] = Field(min_length=1, description="The stages whose last weights are averaged.")
    stages: tuple[Stage, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if unknown := set(self.average) - {stage.name for stage in self.stages}:
            raise ValueError(f"average names stages that are not there: {', '.join(sorted(unknown))}")
        return self

    @classmethod
    def load(cls, path: Path) -> "Config":
        """Return the configuration from a TOML file.

        Raises:
            ValidationError: a value is missing, unknown or out of range.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
