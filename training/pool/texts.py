"""Tokenized texts, without duplicates."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer


class Texts:
    """Tokenizes texts, and numbers them in the order in which they are added."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._numbers: dict[str, int] = {}
        self._encoded: list[Encoding] = []

    def add(self, texts: Iterable[str]) -> None:
        """Tokenize the texts that are new, in one batch."""
        new = [text for text in dict.fromkeys(texts) if text not in self._numbers]
        for text, encoding in zip(new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True):
            self._numbers[text] = len(self._encoded)
            self._encoded.append(encoding)

    def number(self, text: str, most: int | None = None) -> int:
        """Return the number of a text, truncated to ``most`` tokens if it is longer; a new text is added."""
        self.add([text])
        number = self._numbers[text]
        encoding = self._encoded[number]
        if most is None or len(encoding.ids) <= most:
            return number
        return self.number(text[: encoding.offsets[most - 1][1]])

    def size(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self._encoded[self.number(text)].ids)

    def span(self, text: str, span: tuple[int, int]) -> tuple[int, int] | None:
        """Return the first and last token of a character span; None if it has no token."""
        encoding = self._encoded[self.number(text)]
        first, last = encoding.char_to_token(span[0]), encoding.char_to_token(span[1] - 1)
        if first is not None and last is not None:
            return first, last
        touched = [i for i, (start, end) in enumerate(encoding.offsets) if start < span[1] and span[0] < end]
        return (touched[0], touched[-1]) if touched else None

    def tokens(self) -> NDArray[np.uint16]:
        """Return the concatenated tokens of all texts."""
        return np.concatenate([np.array(one.ids, np.uint16) for one in self._encoded])

    def ends(self) -> NDArray[np.int64]:
        """Return the start of each text in the concatenated tokens, and the end of the last one."""
        return ends(len(one.ids) for one in self._encoded)


def ends(sizes: Iterable[int]) -> NDArray[np.int64]:
    """Return the start of each of some consecutive parts by their sizes, and the end of the last one: (n + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(sizes, np.int64))])
