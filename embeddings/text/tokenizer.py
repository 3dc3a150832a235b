"""What cutting a text into passages needs to know of an encoder."""

from typing import Protocol


class Tokenizer(Protocol):
    """Counts text as an encoder reads it."""

    @property
    def window(self) -> int:
        """Tokens of text that the model reads; special tokens and the prefix are already taken off."""

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """The offsets of every token in code points, without special tokens, never truncated."""
