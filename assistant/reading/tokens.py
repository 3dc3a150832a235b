"""Token sequences of a question with a passage, in the form that the network reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding

CLS, SEP = 101, 102  # of the uncased BERT vocabulary
MAX_QUESTION_TOKENS, MAX_TITLE_TOKENS = 64, 32  # longer ones are truncated
MAX_TOKENS = 512  # the network has position embeddings for no more


@dataclass(frozen=True)
class TokenizedPair:
    """A question with a passage: ``[CLS] question [SEP] title passage [SEP]``.

    ``question_length`` counts the tokens up to the first ``[SEP]``, including it. The passage begins at token
    ``passage_start``; ``offsets`` are the start and end of each of its tokens, in characters.
    """

    ids: list[int]
    question_length: int
    passage_start: int
    offsets: list[tuple[int, int]]


def join_pair(
    question: "Encoding", title: "Encoding", passage: "Encoding", window: slice = slice(None)
) -> TokenizedPair:
    """Join the tokens of a question, a title and a window of a passage, truncated to what the network reads."""
    question_ids = [CLS, *question.ids[:MAX_QUESTION_TOKENS], SEP]
    prefix = [*question_ids, *title.ids[:MAX_TITLE_TOKENS]]
    remaining = MAX_TOKENS - len(prefix) - 1
    return TokenizedPair(
        [*prefix, *passage.ids[window][:remaining], SEP],
        len(question_ids),
        len(prefix),
        passage.offsets[window][:remaining],
    )


def pad(pairs: Sequence[TokenizedPair]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return token ids, token types and attention mask of a batch, each (pairs, tokens of the longest pair)."""
    ids, types, attention = np.zeros((3, len(pairs), max(len(pair.ids) for pair in pairs)), np.int64)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = pair.ids
        types[row, pair.question_length : len(pair.ids)] = 1
        attention[row, : len(pair.ids)] = 1
    return ids, types, attention
