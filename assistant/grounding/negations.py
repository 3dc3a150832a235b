"""Negations: how many of them a text has."""

import re

from assistant.conversation.function_words import NEGATION
from embeddings.text.terms import terms

_NEGATION = re.compile(NEGATION, re.IGNORECASE)


def denies_otherwise(sentence: str, cited: str) -> bool:
    """True if two texts have the same words but for negations, of which one has more: one of them was left out.

    A network overlooks one among several: "Price will not run and Hall will run" of "… and Hall will not run".
    """
    counts = [len(_NEGATION.findall(text)) for text in (sentence, cited)]
    return counts[0] != counts[1] and _affirmed(sentence) == _affirmed(cited)


def _affirmed(text: str) -> set[str]:
    return set(terms(_NEGATION.sub(" ", text)))
