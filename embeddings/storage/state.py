"""The state of a database: which of its transactions was the last."""

from typing import NamedTuple


class State(NamedTuple):
    """A state of a database: how many transactions made it, and the random token of the last of them.

    The token tells apart what was added after a backup from what was added after that backup was restored.
    """

    generation: int
    token: int


EMPTY = State(0, 0)  # before the first transaction
