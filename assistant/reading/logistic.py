"""Logistic regression over named features; ``training`` fits the weights, which are kept as JSON."""

import math

from pydantic import BaseModel, ConfigDict

Features = dict[str, float]


class Logistic(BaseModel):
    """A fitted logistic regression, with its weights by the name of the feature; ``a*b`` is a product of two."""

    model_config = ConfigDict(frozen=True)

    bias: float
    weights: dict[str, float]

    def log_odds(self, features: Features) -> float:
        """Return the log odds; features without a weight are ignored."""
        return self.bias + sum(weight * feature_value(features, name) for name, weight in self.weights.items())

    def probability(self, features: Features) -> float:
        """Return the probability, from 0 to 1."""
        return 0.5 * (1 + math.tanh(self.log_odds(features) / 2))


def feature_value(features: Features, name: str) -> float:
    """Return a feature, or the product of two whose names are joined by an asterisk."""
    return features[name] if name in features else math.prod(features[factor] for factor in name.split("*"))
