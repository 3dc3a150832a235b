"""The careful reader's network: MPNet with the same two heads as the small one."""

import torch
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel

from assistant.reading.network import Scores
from assistant.reading.tokens import CLS, SEP

_CLS, _SEP, _BEFORE = 0, 2, 4  # of MPNet's vocabulary, in which four tokens precede BERT's
_FIRST_POSITION = 2  # of MPNet's position embeddings


class CarefulNetwork(nn.Module):
    """MPNet (12 layers, 768 dimensions) with two linear heads. It takes the tokens of the small reader."""

    def __init__(self) -> None:
        super().__init__()
        config = MPNetConfig(vocab_size=30527, max_position_embeddings=514, layer_norm_eps=1e-5)
        self.mpnet = MPNetModel(config, add_pooling_layer=False)
        self.span = nn.Linear(config.hidden_size, 2)
        self.holds = nn.Linear(config.hidden_size, 1)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Scores:  # noqa: ARG002  as the small one's
        """Return the logits for token ids of BERT's vocabulary, token types (unused) and attention mask (n, tokens)."""
        ids = torch.where(ids == CLS, _CLS, torch.where(ids == SEP, _SEP, ids + _BEFORE))
        places = torch.arange(ids.shape[1], device=ids.device).expand(ids.shape) + _FIRST_POSITION
        hidden = self.mpnet(input_ids=ids, attention_mask=attention, position_ids=places).last_hidden_state
        start, end = self.span(hidden).unbind(-1)
        return Scores(start, end, self.holds(hidden[:, 0]).squeeze(-1))
