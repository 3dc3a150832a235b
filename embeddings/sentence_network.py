"""A sentence-transformers model as one torch network, from tokens to unit vectors."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceNetwork(nn.Module):
    """The modules of a sentence-transformers model, followed by normalisation."""

    def __init__(self, model: "SentenceTransformer") -> None:
        super().__init__()
        self._model = model

    def forward(self, ids: Tensor, attention: Tensor) -> tuple[Tensor]:
        """Return unit vectors (texts, dimension) for token ids and attention mask, each (texts, tokens)."""
        vectors = self._model({"input_ids": ids, "attention_mask": attention})["sentence_embedding"]
        return (torch.nn.functional.normalize(vectors, dim=-1),)
