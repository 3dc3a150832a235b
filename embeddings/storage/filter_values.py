"""Values of a filter that no article has, and the values of the library that are nearest to them."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.process import extract
from rapidfuzz.utils import default_process

from embeddings.filters import Filters
from embeddings.storage.snapshot import Snapshot

_NEAREST = 3  # names that are suggested
_COLUMNS = {"article_ids": ("id", "title"), "sources": ("source", "source")}  # by field: its values, and their names


class UnknownValues(NamedTuple):
    """The values of one field that no article has.

    ``nearest`` are the names in the library that are most like the first of them, best first; ``is_whole`` is True if
    no article has any of the field's values.
    """

    field: str
    values: tuple[str, ...]
    nearest: tuple[str, ...]
    is_whole: bool


def unknown_values(snapshot: Snapshot, filters: Filters) -> Iterator[UnknownValues]:
    """Yield the fields of a filter with values that no article has; nothing for an empty library."""
    if not snapshot.counts()[0]:
        return
    for field, (column, name_column) in _COLUMNS.items():
        values = getattr(filters, field) or ()
        select = f"SELECT DISTINCT {column} FROM articles WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        known = {value for (value,) in snapshot.rows(select, json.dumps(values))}
        if unknown := tuple(value for value in dict.fromkeys(values) if value not in known):
            names = snapshot.rows(f"SELECT DISTINCT {name_column} FROM articles WHERE {name_column} IS NOT NULL")  # noqa: S608
            nearest = extract(unknown[0], [name for (name,) in names], processor=default_process, limit=_NEAREST)
            yield UnknownValues(field, unknown, tuple(name for name, _, _ in nearest), not known)
