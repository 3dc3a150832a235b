"""The checker: an encoder that reads a sentence and its source together, with three classes."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.encoder import TransformerEncoder
from training.entailment.arrays import CLS, SEP, PairBatch

CLASSES = ("supported", "neutral", "contradicted")
_CLS, _SEP, _BEFORE = 0, 2, 4  # of MPNet's vocabulary, in which four tokens precede BERT's


class EntailmentNetwork(nn.Module):
    """An encoder with a head of three classes. ``frozen`` names the parts of the encoder that are not trained."""

    def __init__(self, encoder: TransformerEncoder, frozen: tuple[str, ...] = ("words",)) -> None:
        super().__init__()
        self.encoder = encoder
        self.classes = nn.Linear(encoder.shape.hidden, len(CLASSES))
        for name in frozen:
            encoder.get_submodule(name).requires_grad_(False)

    def forward(self, batch: PairBatch) -> Tensor:
        """Return the logits of the classes (n, 3)."""
        ids = batch.ids
        if self.encoder.shape.buckets:
            ids = torch.where(ids == CLS, _CLS, torch.where(ids == SEP, _SEP, ids + _BEFORE))
        hidden = self.encoder(ids, batch.types, batch.attention)
        found: Tensor = self.classes(hidden[:, 0].float())
        return found

    def load_named(self, state: Mapping[str, Tensor]) -> None:
        """Load weights by their names in files; a head that is not among them keeps its values."""
        self.encoder.load_named(state)
        heads = {name: value for name, value in state.items() if name.startswith("classes.")}
        self.load_state_dict(heads, strict=False)

    def named_weights(self) -> dict[str, Tensor]:
        """Return the weights by their names in files."""
        heads = {name: value.detach() for name, value in self.state_dict().items() if not name.startswith("encoder.")}
        return self.encoder.named_weights() | heads
