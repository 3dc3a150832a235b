"""The network that is trained, teacher or student: an encoder with a span head and an answerability head."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from assistant.reading.tokens import CLS, SEP
from training.encoder import TransformerEncoder
from training.pool.tensors import TokenBatch

_CLS, _SEP, _BEFORE = 0, 2, 4  # of MPNet's vocabulary, in which four tokens precede BERT's


class TrainableScores(NamedTuple):
    """Logits of starts and ends (n, tokens), and that the passage has an answer (n,); the null answer's logit is 0."""

    start: Tensor
    end: Tensor
    holds: Tensor


class TrainableReader(nn.Module):
    """An encoder with two heads. ``frozen`` names the parts of the encoder that are not trained."""

    def __init__(self, encoder: TransformerEncoder, frozen: tuple[str, ...] = ("words",)) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(encoder.shape.hidden, 2)
        self.holds = nn.Linear(encoder.shape.hidden, 1)
        for name in frozen:
            encoder.get_submodule(name).requires_grad_(False)

    def forward(self, batch: TokenBatch) -> TrainableScores:
        """Return the logits of a batch."""
        hidden = self.encoder(self._ids(batch.ids), batch.types, batch.attention)
        start, end = self.span(hidden.float()).unbind(-1)
        return TrainableScores(start, end, self.holds(hidden[:, 0].float()).squeeze(-1))

    def _ids(self, ids: Tensor) -> Tensor:
        if not self.encoder.shape.buckets:
            return ids
        return torch.where(ids == CLS, _CLS, torch.where(ids == SEP, _SEP, ids + _BEFORE))

    def load_named(self, state: Mapping[str, Tensor]) -> None:
        """Load weights by their names in files; heads that are not among them keep their values."""
        self.encoder.load_named(state)
        heads = {name: value for name, value in state.items() if name.startswith(("span.", "holds."))}
        self.load_state_dict(heads, strict=False)

    def named_weights(self) -> dict[str, Tensor]:
        """Return the weights by their names in files."""
        heads = {name: value.detach() for name, value in self.state_dict().items() if not name.startswith("encoder.")}
        return self.encoder.named_weights() | heads
