"""Values of a filter that no article has, and the values of the library that are nearest to them."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.process import extract
from rapidfuzz.utils import default_process

from embeddings.filters import Filters
from embeddings.metadata_filter import parse_conditions
from embeddings.storage.snapshot import Snapshot

_NEAREST = 3  # names that are suggested
# By field: the tables, and in these the column of its values and that of their names.
_COLUMNS = {
    "article_ids": ("articles", "id", "title"),
    "sources": ("articles", "source", "source"),
    "authors": ("articles JOIN json_each(authors) ON true", "value", "value"),
}


class UnknownValues(NamedTuple):
    """The values of one field that no article has; of ``metadata`` the names that none has.

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
    for field, (tables, column, name_column) in _COLUMNS.items():
        values = getattr(filters, field) or ()
        select = f"SELECT DISTINCT {column} FROM {tables} WHERE {column} IN (SELECT f.value FROM json_each(?) f)"  # noqa: S608
        known = {value for (value,) in snapshot.rows(select, json.dumps(values))}
        if unknown := tuple(value for value in dict.fromkeys(values) if value not in known):
            names = snapshot.rows(f"SELECT DISTINCT {name_column} FROM {tables} WHERE {name_column} IS NOT NULL")  # noqa: S608
            yield UnknownValues(field, unknown, _nearest(unknown[0], (name for (name,) in names)), not known)
    if filters.metadata is not None:
        rows = snapshot.rows("SELECT DISTINCT metadata FROM articles")
        fields = {field for (metadata,) in rows for field in json.loads(metadata)}
        if unknown := tuple(_unknown_names(filters.metadata, fields)):
            yield UnknownValues("metadata", unknown, _nearest(unknown[0], fields), is_whole=False)


def _nearest(value: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _, _ in extract(value, names, processor=default_process, limit=_NEAREST))


def _unknown_names(conditions: str, fields: Collection[str]) -> Iterator[str]:
    """Yield the names in the conditions that are not among the fields, neither whole nor up to their first dot."""
    for name in dict.fromkeys(condition.name for condition in parse_conditions(conditions)):
        if name not in fields and name.partition(".")[0] not in fields:
            yield name
