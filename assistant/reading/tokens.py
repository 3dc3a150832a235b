"""Question and passage → the token ids that the reader reads, with the characters that each token stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding

CLS, SEP = 101, 102  # of the uncased BERT vocabulary
LONGEST_QUESTION, LONGEST_HEADING = 64, 32  # tokens; what is beyond is not read
LONGEST = 512  # tokens: the network knows no position beyond


@dataclass(frozen=True)
class TokenizedPair:
    """One question with one passage: ``[CLS] question [SEP] heading passage [SEP]``.

    Token ``first + i`` is the passage's token ``i`` and stands for its characters ``offsets[i]``.
    """

    ids: list[int]
    question: int
    first: int
    offsets: list[tuple[int, int]]


def read(question: "Encoding", heading: "Encoding", passage: "Encoding", window: slice = slice(None)) -> TokenizedPair:
    """Put the tokens of a question and of a passage, or of a window of it, together."""
    asked = [CLS, *question.ids[:LONGEST_QUESTION], SEP]
    before = [*asked, *heading.ids[:LONGEST_HEADING]]
    room = LONGEST - len(before) - 1
    return TokenizedPair(
        [*before, *passage.ids[window][:room], SEP], len(asked), len(before), passage.offsets[window][:room]
    )


def pad(reads: Sequence[TokenizedPair]) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Token ids, token types and attention mask of a batch, each (n, the longest's tokens)."""
    longest = max(len(one.ids) for one in reads)
    ids = [one.ids + [0] * (longest - len(one.ids)) for one in reads]
    types = [[int(one.question <= i < len(one.ids)) for i in range(longest)] for one in reads]
    attention = [[int(i < len(one.ids)) for i in range(longest)] for one in reads]
    return ids, types, attention
