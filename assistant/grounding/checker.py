"""Checks sentences against texts by a network."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from assistant.grounding.quantities import in_one_spelling
from assistant.reading.cached_pairs import CachedPairs, TitledPassage
from assistant.reading.pair_network import PairNetwork
from assistant.reading.tokens import TokenizedPair
from embeddings.converted_network import Arrays

_CACHE_SIZE = 4_000  # pairs


class Entailment(NamedTuple):
    """The probabilities that a text supports a sentence, says nothing of it, and contradicts it."""

    supported: float
    neutral: float
    contradicted: float


class PairChecker(CachedPairs[Entailment]):
    """A network that reads a sentence with a text."""

    def __init__(self, load_network: Callable[[], PairNetwork]) -> None:
        super().__init__(load_network, _entailment, _CACHE_SIZE)

    def check(self, sentence: str, texts: Sequence[str]) -> list[Entailment]:
        """Return what each text says of a sentence.

        Raises:
            ReaderUnavailable: the weights do not load.
        """
        passages = [TitledPassage("", in_one_spelling(text)) for text in texts]
        return self.read(in_one_spelling(sentence), passages)


def _entailment(_sentence: str, _text: TitledPassage, _pair: TokenizedPair, logits: Arrays) -> Entailment:
    """Return the softmax of the logits."""
    (classes,) = logits
    shares = np.exp(classes - classes.max())
    return Entailment(*map(float, shares / shares.sum()))
