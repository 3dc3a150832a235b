"""The teacher's network: MPNet with the reader's two heads, and how its tokens are put together."""

from collections.abc import Sequence

import torch
from tokenizers import Encoding
from torch import Tensor, nn
from transformers import MPNetModel

from assistant.reading.network import Scores
from assistant.reading.tokens import MAX_QUESTION_TOKENS, MAX_TITLE_TOKENS, TokenizedPair
from training.batches import Layout

CLS, PAD, SEP = 0, 1, 2
LONGEST = 512


class Teacher(nn.Module):
    """MPNet with a span head and an answerability head; its lower layers stay as they are."""

    def __init__(self, mpnet: MPNetModel, trained_layers: int) -> None:
        super().__init__()
        self.mpnet = mpnet
        layers = mpnet.encoder.layer
        for part in (mpnet.embeddings, mpnet.encoder.relative_attention_bias, *layers[: len(layers) - trained_layers]):
            part.requires_grad_(False)
        self.span = nn.Linear(mpnet.config.hidden_size, 2)
        self.holds = nn.Linear(mpnet.config.hidden_size, 1)

    def forward(self, ids: Tensor, types: Tensor, attention: Tensor) -> Scores:  # noqa: ARG002  it has no token types
        """Read a batch: token ids and attention mask, each (n, tokens)."""
        hidden = self.mpnet(input_ids=ids, attention_mask=attention).last_hidden_state
        with torch.autocast(ids.device.type, enabled=False):
            hidden = hidden.float()
            start, end = self.span(hidden).unbind(-1)
            return Scores(start, end, self.holds(hidden[:, 0]).squeeze(-1))


def read(question: Encoding, heading: Encoding, passage: Encoding, window: slice = slice(None)) -> TokenizedPair:
    """``<s> question </s></s> heading passage </s>``."""
    asked = [CLS, *question.ids[:MAX_QUESTION_TOKENS], SEP, SEP]
    before = [*asked, *heading.ids[:MAX_TITLE_TOKENS]]
    room = LONGEST - len(before) - 1
    return TokenizedPair(
        [*before, *passage.ids[window][:room], SEP], len(asked), len(before), passage.offsets[window][:room]
    )


def pad(reads: Sequence[TokenizedPair]) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Token ids, token types (all the same) and attention mask of a batch, each (n, the longest's tokens)."""
    longest = max(len(one.ids) for one in reads)
    ids = [one.ids + [PAD] * (longest - len(one.ids)) for one in reads]
    attention = [[int(i < len(one.ids)) for i in range(longest)] for one in reads]
    return ids, [[0] * longest for _ in reads], attention


MPNET = Layout(read, pad)
