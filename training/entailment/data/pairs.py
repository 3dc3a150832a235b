"""A pair of a premise and a sentence, and the relations that it may have."""

from typing import NamedTuple

SUPPORTED, NEUTRAL, CONTRADICTED = 1, 2, 4  # bits, in the order of the network's classes
NOT_SUPPORTED = NEUTRAL | CONTRADICTED  # nobody says which of the two
ANY = SUPPORTED | NOT_SUPPORTED  # unlabelled, or only measured


class Pair(NamedTuple):
    """A source text, a sentence, the classes that it may belong to (bits), and the kind and place that it came from."""

    premise: str
    sentence: str
    classes: int
    kind: str
    place: str
