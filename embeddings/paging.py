"""Pages of a list, with a cursor for the next one."""

from collections.abc import Sequence
from typing import TypeVar

from embeddings.errors import InvalidInput

_Value = TypeVar("_Value")


def read_cursor(limit: int, cursor: str | None) -> int:
    """Return the sequence number after which a page begins.

    Raises:
        InvalidInput: The limit is below 1, or the cursor did not come with a page.
    """
    if limit < 1 or not (cursor is None or (cursor.isdecimal() and len(cursor) < 19)):  # SQLite's integers end at 2^63
        raise InvalidInput(
            "There is no such page.",
            expected="a limit of 1 or more, and no cursor or one that came with a page",
            got=f"limit {limit}, cursor {cursor!r}",
            hint="Begin without a cursor.",
        )
    return int(cursor or 0)


def make_page(rows: Sequence[tuple[int, _Value]], limit: int) -> tuple[list[_Value], str | None]:
    """Return the first ``limit`` values, and the next page's cursor if there are more.

    Args:
        rows: Up to ``limit`` + 1 values with their sequence numbers.
        limit: The length of a page.
    """
    return [value for _, value in rows[:limit]], str(rows[limit - 1][0]) if len(rows) > limit else None
