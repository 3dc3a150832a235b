"""Feeds: RSS, Atom and JSON Feed, of which each entry is an article."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import feedparser

from assistant.errors import MalformedSource

FeedEntry = dict[str, Any]
_FOR_SYNCS = ("id", "changed", "whole")


def read_feed(data: bytes, name: str) -> Iterator[FeedEntry]:
    """Yield the entries of a feed that have a text, in its order, with the fields of a record.

    These are ``html`` or ``text``, ``url``, ``title``, ``source``, ``published`` and ``authors``.

    Raises:
        MalformedSource: it is not a feed, or has no such entry.
    """
    found = [entry for entry in all_entries(data) if (entry.get("html") or entry.get("text") or "").strip()]
    if not found:
        raise MalformedSource(
            f"{name!r} has no articles.",
            expected="a feed (RSS, Atom or JSON Feed) whose entries have texts",
            got="none",
            hint="If its entries only have links, add the pages that they lead to.",
        )
    yield from ({name: value for name, value in entry.items() if name not in _FOR_SYNCS} for entry in found)


def all_entries(data: bytes) -> Iterator[FeedEntry]:
    """Yield the entries of a feed, those without a text too; none if it is no feed.

    They have the fields of :func:`read_feed`, the entry's own ``id``, when it was last ``changed``, and if its text is
    the ``whole`` article rather than a summary.
    """
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return _json_entries(data) if is_json else _xml_entries(data)


def _xml_entries(data: bytes) -> Iterator[FeedEntry]:
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    for entry in feed.entries:
        contents = [one for one in entry.get("content", []) if one.get("value")] or [entry.get("summary_detail", {})]
        best = max(contents, key=lambda one: len(one.get("value", "")))
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        yield {
            "text" if best.get("type") == "text/plain" else "html": best.get("value", ""),
            "url": entry.get("link"),
            "title": entry.get("title"),
            "source": feed.feed.get("title"),
            "published": date(*moment[:3]).isoformat() if moment else None,
            "authors": [one["name"] for one in entry.get("authors", []) if one.get("name")],
            "id": entry.get("id"),
            "changed": entry.get("updated") or entry.get("published"),
            "whole": any(one.get("value") for one in entry.get("content", [])),
        }


def _json_entries(data: bytes) -> Iterator[FeedEntry]:
    try:
        feed = json.loads(data)
    except ValueError:
        return
    items = feed.get("items")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        body = "html" if _text(item, "content_html") else "text"
        authors = item.get("authors") or feed.get("authors") or []
        yield {
            body: _text(item, f"content_{body}"),
            "url": _text(item, "url"),
            "title": _text(item, "title"),
            "source": _text(feed, "title"),
            "published": _text(item, "date_published"),
            "authors": [name for one in authors if isinstance(one, dict) and (name := _text(one, "name"))],
            "id": _text(item, "id"),
            "changed": _text(item, "date_modified") or _text(item, "date_published"),
            "whole": True,
        }


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
