"""One encoder for BERT and MPNet that trains fast: fused attention, and half precision over full-precision weights.

Its outputs equal those of the networks in ``transformers``, and it loads and returns weights by their names there.
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, layer_norm, linear, scaled_dot_product_attention

from training.shapes import Shape


class Layer(nn.Module):
    """A transformer layer with layer normalisation after the attention and after the feed-forward network."""

    def __init__(self, shape: Shape, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = shape.heads, drop
        self.query, self.key, self.value, self.out = (nn.Linear(shape.hidden, shape.hidden) for _ in range(4))
        self.up, self.down = nn.Linear(shape.hidden, shape.inner), nn.Linear(shape.inner, shape.hidden)
        self.attended, self.norm = (nn.LayerNorm(shape.hidden, shape.epsilon) for _ in range(2))

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Return the next hidden states.

        Args:
            hidden: the hidden states (n, tokens, size).
            bias: is added to the attention scores (n, 1 or heads, tokens, tokens).
        """
        n, tokens, size = hidden.shape
        parts = (_linear(part, hidden) for part in (self.query, self.key, self.value))
        query, key, value = (part.view(n, tokens, self.heads, -1).transpose(1, 2) for part in parts)
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = _linear(self.out, mixed.transpose(1, 2).reshape(n, tokens, size))
        hidden = _norm(self.attended, hidden + dropout(mixed, self.drop, self.training))
        inner = _linear(self.down, gelu(_linear(self.up, hidden)))
        return _norm(self.norm, hidden + dropout(inner, self.drop, self.training))


class TransformerEncoder(nn.Module):
    """A transformer encoder that computes in ``precision``, with its weights in full precision."""

    def __init__(self, shape: Shape, drop: float = 0.0, precision: torch.dtype = torch.bfloat16) -> None:
        super().__init__()
        self.shape, self.drop, self.precision = shape, drop, precision
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.embedded = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape, drop) for _ in range(shape.layers))
        if shape.types:
            self.kinds = nn.Embedding(shape.types, shape.hidden)
        if shape.buckets:
            self.relative = nn.Embedding(shape.buckets, shape.heads)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Tensor:
        """Return the hidden states (n, tokens, size) for inputs (n, tokens); ``attention`` is False at padding."""
        place = torch.arange(ids.shape[1], device=ids.device)
        hidden: Tensor = self.words(ids) + self.places(place + self.shape.first_position)
        if self.shape.types:
            hidden = hidden + self.kinds(types)
        hidden = dropout(_norm(self.embedded, hidden.to(self.precision)), self.drop, self.training)
        bias = (~attention[:, None, None, :]) * (torch.finfo(self.precision).min / 2)
        if self.shape.buckets:
            distances = _buckets(place[None, :] - place[:, None], self.shape.buckets)
            bias = bias + self.relative(distances).permute(2, 0, 1)
        bias = bias.to(self.precision).expand(len(ids), -1, len(place), -1)
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def load_named(self, state: Mapping[str, Tensor]) -> None:
        """Load weights by their names in files.

        Raises:
            RuntimeError: a weight is missing or has another shape.
        """
        names = dict(self.shape.parts())
        found = {}
        for name in self.state_dict():
            part, _, which = name.rpartition(".")
            theirs = f"{names[part]}.{which}"
            given = state.get(self.shape.prefix + theirs, state.get(theirs))
            if given is not None:
                found[name] = given
        self.load_state_dict(found)

    def named_weights(self) -> dict[str, Tensor]:
        """Return the weights by their names in files."""
        names = dict(self.shape.parts())
        found = {}
        for name, value in self.state_dict().items():
            part, _, which = name.rpartition(".")
            found[f"{self.shape.prefix}{names[part]}.{which}"] = value.detach()
        return found


def _linear(layer: nn.Linear, values: Tensor) -> Tensor:
    return linear(values, layer.weight.to(values.dtype), layer.bias.to(values.dtype))


def _norm(layer: nn.LayerNorm, values: Tensor) -> Tensor:
    weight, bias = layer.weight.to(values.dtype), layer.bias.to(values.dtype)
    return layer_norm(values, layer.normalized_shape, weight, bias, layer.eps)


def _buckets(distance: Tensor, buckets: int, furthest: int = 128) -> Tensor:
    """Return MPNet's relative-position bucket of each distance between tokens: exact if near, else logarithmic."""
    half = buckets // 2
    exact = half // 2
    away = distance.abs()
    far = torch.log(away.clamp(min=1).float() / exact) / math.log(furthest / exact) * (half - exact)
    bucket = torch.where(away < exact, away, (exact + far.long()).clamp(max=half - 1))
    return bucket + half * (distance > 0)
