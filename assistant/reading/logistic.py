"""Logistic regression over named features; ``training`` fits the weights, which are kept as JSON."""

import math

from pydantic import BaseModel, ConfigDict

Features = dict[str, float]


class Logistic(BaseModel):
    """A fitted logistic regression, with its weights by the name of the feature."""

    model_config = ConfigDict(frozen=True)

    bias: float
    weights: dict[str, float]

    def log_odds(self, features: Features) -> float:
        """Return the log odds; features without a weight are ignored."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())

    def probability(self, features: Features) -> float:
        """Return the probability, from 0 to 1."""
        return 0.5 * (1 + math.tanh(self.log_odds(features) / 2))
