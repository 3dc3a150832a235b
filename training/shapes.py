"""Dimensions of the two encoders, MiniLM and MPNet, and the names of their weights in files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Dimensions of an encoder.

    ``first_position`` is the index of the first token's position embedding; ``types`` and ``buckets`` are the numbers
    of token types and of relative-position buckets, 0 if the encoder has none. ``names`` gives each part of a layer its
    name in files.
    """

    layers: int
    heads: int
    hidden: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float
    first_position: int
    types: int
    buckets: int
    prefix: str
    names: Mapping[str, str]

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each part in :class:`training.encoder.Encoder` and its name in files."""
        yield "words", "embeddings.word_embeddings"
        yield "places", "embeddings.position_embeddings"
        yield "embedded", "embeddings.LayerNorm"
        if self.types:
            yield "kinds", "embeddings.token_type_embeddings"
        if self.buckets:
            yield "relative", "encoder.relative_attention_bias"
        for layer in range(self.layers):
            for ours, theirs in self.names.items():
                yield f"layers.{layer}.{ours}", f"encoder.layer.{layer}.{theirs}"


MINILM = Shape(
    layers=6,
    heads=12,
    hidden=384,
    inner=1536,
    vocabulary=30522,
    positions=512,
    epsilon=1e-12,
    first_position=0,
    types=2,
    buckets=0,
    prefix="bert.",
    names={
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "attended": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm": "output.LayerNorm",
    },
)
MPNET = Shape(
    layers=12,
    heads=12,
    hidden=768,
    inner=3072,
    vocabulary=30527,
    positions=514,
    epsilon=1e-5,
    first_position=2,
    types=0,
    buckets=32,
    prefix="mpnet.",
    names={
        "query": "attention.attn.q",
        "key": "attention.attn.k",
        "value": "attention.attn.v",
        "out": "attention.attn.o",
        "attended": "attention.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm": "output.LayerNorm",
    },
)
