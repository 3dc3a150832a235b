"""The reader's network: a question and a passage in; where an answer starts and ends, and whether there is one."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertModel


class Scores(NamedTuple):
    """Logits of a batch of readings: ``start`` and ``end`` (n, tokens), and ``holds`` (n,): the passage has an answer.

    They compare across the passages of a question: all are held against one null answer, whose logit is 0.
    """

    start: Tensor
    end: Tensor
    holds: Tensor


class Network(nn.Module):
    """MiniLM with two linear heads. Its word embeddings are the encoder's own and stay as they are."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.span = nn.Linear(bert.config.hidden_size, 2)
        self.holds = nn.Linear(bert.config.hidden_size, 1)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Scores:
        """Read a batch: token ids, token types (1 in the passage) and attention mask, each (n, tokens)."""
        hidden = self.bert(input_ids=ids, token_type_ids=types, attention_mask=attention).last_hidden_state
        with torch.autocast(ids.device.type, enabled=False):
            hidden = hidden.float()
            start, end = self.span(hidden).unbind(-1)
            return Scores(start, end, self.holds(hidden[:, 0]).squeeze(-1))
