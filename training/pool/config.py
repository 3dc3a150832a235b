"""Validated configuration of the training of teacher and student."""

import tomllib
from pathlib import Path

from pydantic import Field

from training.config import Values


class RunConfig(Values):
    """Optimisation with AdamW: linear warm-up over the share ``warmup`` of the run, then linear decay to zero.

    ``readings`` is the total number of passages read, ``tokens`` the size of a batch, ``rate`` the peak learning rate,
    ``decay`` the weight decay, ``clip`` the maximum gradient norm, and ``holds_weight`` the weight of the answerability
    loss.
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
    """Sampling of the training examples.

    ``shares`` is the share of each kind of examples, ``times`` how often the items of a source are read per epoch, by
    default once. ``second_passage`` is the probability that an answered question is read with a second passage, which
    does not answer it; ``packed`` is that of the reading packed with adjacent paragraphs. Sources in ``held_out`` are
    not read.
    """

    second_passage: float = Field(ge=0, le=1)
    packed: float = Field(ge=0, le=1)
    held_out: tuple[str, ...] = ()
    shares: dict[str, float]
    times: dict[str, float] = Field(default_factory=dict)


class PoolConfig(Values):
    """All that determines the trained weights; ``teacher_weight`` is the weight of a student's distillation loss."""

    seed: int
    teacher_weight: float = Field(default=0.0, ge=0, le=1)
    run: RunConfig
    mixture: Mixture

    @classmethod
    def load(cls, path: Path) -> "PoolConfig":
        """Return the configuration of a TOML file.

        Raises:
            ValidationError: a value is missing, unknown or out of range.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
