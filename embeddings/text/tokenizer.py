"""The protocol of a tokenizer: what chunking needs to know about an encoder."""

from typing import Protocol


class Tokenizer(Protocol):
    """Splits text into the tokens that an encoder reads."""

    @property
    def window(self) -> int:
        """The number of tokens of text that the model reads, not counting special tokens and the passage prefix."""

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return each token's start and end offset in code points, without special tokens and never truncated."""
