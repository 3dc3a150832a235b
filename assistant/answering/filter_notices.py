"""Notices about values of filters that no article of a library has."""

from typing import TYPE_CHECKING

from embeddings.errors import UnknownFilterValue
from embeddings.filters import Filters

if TYPE_CHECKING:  # faiss loads with it
    from embeddings.library import Library


def filter_notices(library: "Library", filters: Filters | None) -> tuple[str, ...]:
    """Return a notice for each field of a filter with values that no article has.

    Raises:
        UnknownFilterValue: no article has any of the values of a field.
    """
    notices = []
    for unknown in library.unknown_filter_values(filters):
        names, nearest = (", ".join(map(repr, one[:5])) for one in (unknown.values, unknown.nearest))
        if unknown.is_whole and unknown.field != "article_ids":  # an article may have been removed since
            raise UnknownFilterValue(
                f"No article has a value that `filters.{unknown.field}` gives.",
                expected=f"one of the library's, such as {nearest or 'none: no article has one'}",
                got=names[:200],
                hint="GET /articles?q= finds the right name by a part of it.",
            )
        notices.append(f"No article has {names} of `filters.{unknown.field}`. The nearest in the library: {nearest}.")
    return tuple(notices)
