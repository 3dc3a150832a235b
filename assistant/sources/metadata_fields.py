"""Metadata fields: what is kept of the fields that a source has besides those of an article."""

import math
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from lxml.etree import _Element
from pydantic import JsonValue

_MAX_FIELDS = 200
_MAX_NAME = 100  # characters
_MAX_VALUE = 1_000  # characters, of a list in all

# What documents and pages name that describes an article. Their other fields are for programs, or change at each visit.
_DESCRIPTIVE = re.compile(
    "category|contributor|coverage|description|genre|identifier|(?:news_)?keywords|relation|rights|section|series|subject"
    r"|tags|topic|type|(?:article:|citation_|dc\.|dcterms\.)(?!author|creator|date|language|modified|publi|title).+"
)
_SEPARATED = frozenset({"keywords", "news_keywords", "tags"})


def kept_fields(fields: Iterable[tuple[str, Any]]) -> dict[str, JsonValue]:
    """Return the fields that are kept: strings, numbers, booleans and lists of these.

    Nested values, empty ones, those of more than 1,000 characters and what is past 200 fields are left out.
    """
    simple = ((name, _simple(value)) for name, value in fields if 0 < len(name) <= _MAX_NAME)
    return dict(islice(((name, value) for name, value in simple if value not in ("", [], None)), _MAX_FIELDS))


def described(properties: Iterable[tuple[str, Iterable[str]]]) -> dict[str, JsonValue]:
    """Return what the properties of a document or page say about it, by lower-case name; several values are a list.

    Keywords in one value are separated by commas or semicolons. ``article:section`` is named ``section``, and
    ``article:tag`` ``tags``.
    """
    found: dict[str, list[str]] = {}
    for given, values in properties:
        full = given.lower()
        if _DESCRIPTIVE.fullmatch(full):
            name = {"article:tag": "tags"}.get(full, full.removeprefix("article:"))
            parts = (part for value in values for part in (re.split("[,;]", value) if name in _SEPARATED else [value]))
            found.setdefault(name, []).extend(" ".join(part.split()) for part in parts)
    unique = {name: list(dict.fromkeys(filter(None, values))) for name, values in found.items()}
    return kept_fields((name, values[0] if len(values) == 1 else values) for name, values in unique.items())


def page_fields(root: _Element) -> dict[str, JsonValue]:
    """Return what the ``meta`` elements of a page say about it."""
    metas = islice(root.iter("meta"), 1_000)
    return described((meta.get("name") or meta.get("property") or "", [meta.get("content", "")]) for meta in metas)


def _simple(value: Any) -> JsonValue:
    """Return a value if it is to be kept, a list without what is nested in it, and else None."""
    if isinstance(value, list):
        items: list[JsonValue] = [
            one for item in value if not isinstance(item, list) and (one := _simple(item)) not in ("", None)
        ]
        return items if sum(len(str(item)) for item in items) <= _MAX_VALUE else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, str | int | float) or len(str(value)) > _MAX_VALUE:
        return None
    return None if isinstance(value, str) and re.search("[\ud800-\udfff]", value) else value
