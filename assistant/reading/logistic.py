"""A logistic regression over named features; its weights are fitted in ``training`` and kept as JSON."""

import math

from pydantic import BaseModel, ConfigDict

Features = dict[str, float]


class Logistic(BaseModel):
    """A logistic regression over signals by name."""

    model_config = ConfigDict(frozen=True)

    bias: float
    weights: dict[str, float]

    def log_odds(self, signals: Features) -> float:
        """The log odds of these signals."""
        return self.bias + sum(weight * signals[name] for name, weight in self.weights.items())

    def probability(self, signals: Features) -> float:
        """The probability of these signals, between 0 and 1."""
        return 0.5 * (1 + math.tanh(self.log_odds(signals) / 2))
