"""The careful networks' encoder, MPNet, and the careful reader: with the same two heads as the small one."""

import torch
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel

from assistant.reading.network import Scores
from assistant.reading.tokens import CLS, SEP

_CLS, _SEP, _BEFORE = 0, 2, 4  # of MPNet's vocabulary, in which four tokens precede BERT's
_FIRST_POSITION = 2  # of MPNet's position embeddings


class CarefulEncoder(nn.Module):
    """MPNet (12 layers, 768 dimensions) that takes tokens of BERT's vocabulary."""

    def __init__(self) -> None:
        super().__init__()
        config = MPNetConfig(vocab_size=30527, max_position_embeddings=514, layer_norm_eps=1e-5)
        self.mpnet = MPNetModel(config, add_pooling_layer=False)
        self.size: int = config.hidden_size

    def hidden_states(self, ids: Tensor, attention: Tensor) -> Tensor:
        """Return the hidden states (n, tokens, size) for token ids and attention mask (n, tokens)."""
        ids = torch.where(ids == CLS, _CLS, torch.where(ids == SEP, _SEP, ids + _BEFORE))
        places = torch.arange(ids.shape[1], device=ids.device).expand(ids.shape) + _FIRST_POSITION
        hidden: Tensor = self.mpnet(input_ids=ids, attention_mask=attention, position_ids=places).last_hidden_state
        return hidden


class CarefulNetwork(CarefulEncoder):
    """The encoder with the reader's two linear heads. It takes the tokens of the small reader."""

    def __init__(self) -> None:
        super().__init__()
        self.span = nn.Linear(self.size, 2)
        self.holds = nn.Linear(self.size, 1)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Scores:  # noqa: ARG002  as the small one's
        """Return the logits for token ids of BERT's vocabulary, token types (unused) and attention mask (n, tokens)."""
        hidden = self.hidden_states(ids, attention)
        start, end = self.span(hidden).unbind(-1)
        return Scores(start, end, self.holds(hidden[:, 0]).squeeze(-1))
