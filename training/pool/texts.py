"""Texts and their tokens, each text once."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer


class Texts:
    """Numbers texts in the order in which they are added."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._numbers: dict[str, int] = {}
        self._encoded: list[Encoding] = []

    def add(self, texts: Iterable[str]) -> None:
        """Encode those that are new, all at once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._numbers]
        for text, encoding in zip(new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True):
            self._numbers[text] = len(self._encoded)
            self._encoded.append(encoding)

    def number(self, text: str, most: int | None = None) -> int:
        """The number of a text, or of its first ``most`` tokens where it is longer."""
        self.add([text])
        number = self._numbers[text]
        encoding = self._encoded[number]
        if most is None or len(encoding.ids) <= most:
            return number
        return self.number(text[: encoding.offsets[most - 1][1]])

    def size(self, text: str) -> int:
        """The number of a text's tokens."""
        return len(self._encoded[self.number(text)].ids)

    def span(self, text: str, span: tuple[int, int]) -> tuple[int, int] | None:
        """The first and the last token of a span of characters; None where no token is in it."""
        encoding = self._encoded[self.number(text)]
        first, last = encoding.char_to_token(span[0]), encoding.char_to_token(span[1] - 1)
        if first is not None and last is not None:
            return first, last
        touched = [i for i, (start, end) in enumerate(encoding.offsets) if start < span[1] and span[0] < end]
        return (touched[0], touched[-1]) if touched else None

    def tokens(self) -> NDArray[np.uint16]:
        """The tokens of all texts, one after the other."""
        return np.concatenate([np.array(one.ids, np.uint16) for one in self._encoded])

    def ends(self) -> NDArray[np.int64]:
        """Where each text's tokens begin in those of all, and where the last ones end."""
        return ends(len(one.ids) for one in self._encoded)


def ends(sizes: Iterable[int]) -> NDArray[np.int64]:
    """Where parts of these sizes begin, one after the other, and where the last one ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(sizes, np.int64))])
