"""The reader's network: extractive question answering with an answerability head."""

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import BertModel


class Scores(NamedTuple):
    """The logits of a batch: ``start`` and ``end`` (n, tokens), and ``has_answer`` (n,).

    Logits of several passages of one question are comparable, because all were trained against one null answer, whose
    logit is 0.
    """

    start: Tensor
    end: Tensor
    has_answer: Tensor


class Network(nn.Module):
    """MiniLM with two linear heads. Its word embeddings are those of the encoder and are not trained."""

    def __init__(self, bert: "BertModel") -> None:
        super().__init__()
        self.bert = bert
        bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.span = nn.Linear(bert.config.hidden_size, 2)
        self.holds = nn.Linear(bert.config.hidden_size, 1)  # the answerability head, by its name in the weights file

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Scores:
        """Return the logits for token ids, token types (1 in the passage) and attention mask, each (n, tokens)."""
        hidden = self.bert(input_ids=ids, token_type_ids=types, attention_mask=attention).last_hidden_state
        with torch.autocast(ids.device.type, enabled=False):
            hidden = hidden.float()
            start, end = self.span(hidden).unbind(-1)
            return Scores(start, end, self.holds(hidden[:, 0]).squeeze(-1))
