"""The state of a database, identified by its last transaction."""

from typing import NamedTuple


class State(NamedTuple):
    """A state of a database: the number of transactions so far, and a random token of the last one.

    After a backup was restored, generations are counted from the backup again. The token tells the new transactions
    from the earlier ones with the same generation.
    """

    generation: int
    token: int


EMPTY_STATE = State(0, 0)  # before the first transaction
