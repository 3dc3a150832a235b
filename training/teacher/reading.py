"""What a network says of passages: logits of each token, the best span in them, and whether there is one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from training.batches import Layout
from training.train import precise

LONGEST = 30  # tokens of a short answer
_AT_ONCE = 256  # pairs, sorted by length before they are read in batches


@dataclass(frozen=True)
class Said:
    """Of one passage: logits of its start and end tokens, and of ``holds``; ``offsets`` are each token's characters."""

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    holds: float
    offsets: list[tuple[int, int]]

    def best(self) -> tuple[tuple[int, int], float]:
        """The characters of the best span, and its score."""
        tokens = np.arange(len(self.offsets))
        width = tokens[None, :] - tokens[:, None]
        pairs = np.where((width >= 0) & (width < LONGEST), self.start[:, None] + self.end[None, :], -np.inf)
        start, end = divmod(int(pairs.argmax()), len(tokens))
        return (self.offsets[start][0], self.offsets[end][1]), float(pairs[start, end])


def read_all(
    network: nn.Module, tokenizer: Tokenizer, layout: Layout, pairs: Sequence[tuple[str, str]], size: int = 8
) -> Iterator[Said]:
    """What the network says of each pair of question and passage, in their order."""
    device = next(network.parameters()).device
    heading = tokenizer.encode("", add_special_tokens=False)
    for first in range(0, len(pairs), _AT_ONCE):
        reads = [
            layout.read(
                tokenizer.encode(question, add_special_tokens=False),
                heading,
                tokenizer.encode(passage, add_special_tokens=False),
                slice(None),
            )
            for question, passage in pairs[first : first + _AT_ONCE]
        ]
        order = sorted(range(len(reads)), key=lambda i: len(reads[i].ids))
        found: dict[int, Said] = {}
        for at in range(0, len(order), size):
            some = order[at : at + size]
            ids, types, attention = (torch.tensor(rows, device=device) for rows in layout.pad([reads[i] for i in some]))
            with torch.inference_mode(), precise(device):
                scores = network(ids, types, attention)
            start, end, holds = (one.float().cpu().numpy() for one in scores)
            for row, i in enumerate(some):
                inside = slice(reads[i].passage_start, reads[i].passage_start + len(reads[i].offsets))
                found[i] = Said(start[row, inside], end[row, inside], float(holds[row]), reads[i].offsets)
        yield from (found[i] for i in range(len(reads)))
