"""The configuration of the training of the checkers: ``config.toml``, and ``further.toml`` for their second stage."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).parent / "config.toml"
SHORT_ANSWER = "answer_"  # begins the kinds of questions with short answers


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
    """Both runs, the weight of the teacher in the small network's loss, and how often each kind is read in a round.

    ``statements`` multiplies that of all kinds but the questions with short answers.
    """

    seed: int
    teacher_weight: float
    runs: Mapping[str, EntailmentRun]
    times: Mapping[str, float]
    statements: float = 1.0

    @classmethod
    def load(cls, path: Path) -> "EntailmentConfig":
        """Return the configuration of a TOML file; what it leaves out is as in ``config.toml``."""
        found = {
            name: value for file in (CONFIG, path) for name, value in tomllib.loads(file.read_text("utf-8")).items()
        }
        runs = {name: EntailmentRun(**found[name]) for name in ("careful", "small")}
        return cls(found["seed"], found["teacher_weight"], runs, found["times"], found.get("statements", 1.0))

    def times_of(self, kinds: Iterable[str]) -> dict[str, float]:
        """Return how often the pairs of each kind are read in a round."""
        return {
            kind: self.times.get(kind, 1.0) * (1.0 if kind.startswith(SHORT_ANSWER) else self.statements)
            for kind in kinds
        }
