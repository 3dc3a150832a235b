"""Files of many articles: feeds, JSON Lines and tables. A mapping names their fields where these are unusual."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from assistant.errors import MalformedSource, SourceError
from assistant.sources.authors import split_authors
from assistant.sources.encoding import file_encoding
from assistant.sources.files import read_file_bytes
from assistant.sources.front_matter import parse_date
from assistant.sources.kind import FEED_SUFFIXES, TextKind
from assistant.sources.metadata_fields import kept_fields
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.parsing import feed_entries, parse
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.text.article import Article, article_id

# By the article's field: the names that are tried, in order, where no mapping gives one. Case does not matter.
NAMES = {
    "text": ("text", "body", "content", "article"),
    "html": ("html",),
    "markdown": ("markdown", "md"),
    "id": ("id", "_id", "guid"),
    "url": ("url", "link", "uri"),
    "title": ("title", "headline"),
    "source": ("source", "publisher", "site", "publication"),
    "published": ("published", "date", "published_at", "pubdate", "created_at"),
    "authors": ("authors", "author", "byline"),
    "language": ("language", "lang"),
}
_LIMIT = "ASSISTANT_MAX_ARTICLE_BYTES"
_LINE_HINT = "Mend the line; the others are read without it."
_TABLE_HINT = f"Save it with each value in quotation marks, and none longer than {_LIMIT}."
_BODIES: tuple[TextKind, ...] = ("text", "html", "markdown")


class Record(NamedTuple):
    """The article of a record, or the error that says why there is none; ``place`` is the file and the line."""

    place: str
    article: Article | None
    error: ArticleAssistantError | None = None


def parse_mapping(fields: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names to try for each field, where ``fields`` gives one for some of them.

    Raises:
        InvalidInput: there is no such field.
    """
    if unknown := [name for name in fields if name not in NAMES]:
        raise InvalidInput(
            f"Articles have no field {unknown[0]!r}.",
            expected="one of " + ", ".join(NAMES),
            got=f"{unknown[0]}={fields[unknown[0]]}",
            hint="Write the article's field first: --field text=body.",
        )
    return NAMES | {field: (name,) for field, name in fields.items()}


def read_records(path: Path, fields: Mapping[str, str], *, max_bytes: int, seconds: float) -> Iterator[Record]:
    """Yield the articles of a file, one for each entry of a feed, line of JSON or row of a table.

    Lines and tables may be of any length.

    An article's id comes from its URL; else from the file's path and the record's own id; else from its text. Values
    that belong to no field are metadata.

    Args:
        path: The file; its suffix tells its kind.
        fields: The names of fields that are not among :data:`NAMES`, by the article's field.
        max_bytes: The most bytes of one line of JSON, or characters of one value.
        seconds: The time limit for reading one HTML or Markdown text.
    """
    names = parse_mapping(fields)
    place = os.fsencode(path.resolve()).decode(errors="backslashreplace")
    try:
        for number, row in _rows(path, max_bytes, seconds):
            where = f"{path}:{number}"
            try:
                yield Record(where, read_record(row, names, place, seconds))
            except ArticleAssistantError as error:
                yield Record(where, None, error)
    except ArticleAssistantError as error:
        yield Record(str(path), None, error)
    except UnicodeDecodeError as error:
        expected = f"text in {error.encoding}, as the first lines beyond ASCII are"
        yield Record(str(path), None, _malformed(expected, str(error)[:200], "Save it as UTF-8."))
    except csv.Error as error:
        yield Record(str(path), None, _malformed("a table that is whole", str(error)[:200], _TABLE_HINT))
    except OSError as error:
        hint = "Check its permissions."
        yield Record(
            str(path),
            None,
            SourceError(f"{path} cannot be read.", expected="a file that may be read", got=str(error), hint=hint),
        )


def _rows(path: Path, max_bytes: int, seconds: float) -> Iterator[tuple[int, Any]]:
    """Yield the records of a file, each with its line, or with its number in a feed."""
    suffix = path.suffix.lower()
    if suffix in FEED_SUFFIXES:
        yield from enumerate(feed_entries(read_file_bytes(path, max_bytes), path.name, seconds), 1)
        return
    encoding, errors = file_encoding(path)
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield from _table(file, max_bytes) if suffix in {".csv", ".tsv"} else _lines(file, max_bytes)


def _lines(file: Any, max_bytes: int) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := file.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes:
            hint = f"Part it, or set {_LIMIT} higher."
            yield number, _malformed(f"lines of at most {max_bytes:,} characters", "a longer one", hint)
            return
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, _malformed("a JSON object in each line", f"{error}"[:200], _LINE_HINT)


def _table(file: Any, max_bytes: int) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(max_bytes)
    head = file.readline(65_536)
    delimiter = max(",;\t", key=head.count)
    file.seek(0)
    reader = csv.DictReader(file, delimiter=delimiter, strict=True)
    for row in reader:
        yield reader.line_num, {name: value for name, value in row.items() if isinstance(name, str)}


def read_record(row: Any, names: Mapping[str, tuple[str, ...]], place: str, seconds: float) -> Article:
    """Return the article of a record; ``place`` is where it is from, if its id is to come from the record's own.

    Raises:
        MalformedSource, InvalidInput, TookTooLong: it has no text, or this cannot be read.
    """
    if isinstance(row, MalformedSource):
        raise row
    if not isinstance(row, dict):
        raise _malformed("a JSON object in each line", f"a {type(row).__name__}", _LINE_HINT)
    keys = {str(key).casefold(): key for key in row}
    used = {
        field: keys[name.casefold()]
        for field, tried in names.items()
        for name in reversed(tried)
        if name.casefold() in keys and row[keys[name.casefold()]] not in (None, "", [])
    }
    body = next((field for field in _BODIES if field in used), None)
    if body is None:
        raise _malformed(
            "a text in the field " + " or ".join(names["text"]),
            "the fields " + ", ".join(map(str, keys.values()))[:200],
            "Name the field that holds the text: --field text=NAME.",
        )
    value = {field: _text(row[key]) for field, key in used.items()}
    text, taken = value[body], {key for field, key in used.items() if field != "id"}
    parsed = ParsedArticle(text, is_plain=True) if body == "text" else parse(body, text, seconds)
    authors = row[used["authors"]] if "authors" in used else None
    found = replace(
        parsed,
        title=value.get("title") or parsed.title,
        url=value.get("url") or parsed.url,
        source=value.get("source") or parsed.source,
        published=parse_date(value.get("published", "")) or parsed.published,
        authors=tuple(map(_text, authors)) if isinstance(authors, list) else split_authors(value.get("authors", "")),
        language=value.get("language") or parsed.language,
        metadata={
            **parsed.metadata,
            **kept_fields((str(key), value) for key, value in row.items() if key not in taken),
        },
    ).article()
    if found.url or "id" not in used:
        return found
    return found.model_copy(update={"id": article_id("path", f"{place}#{value['id']}")})


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case {"name": str(name)}:
            return name
        case list():
            return "; ".join(map(_text, value))
        case _:
            return str(value)


def _malformed(expected: str, got: str, hint: str) -> MalformedSource:
    return MalformedSource("The record cannot be read.", expected=expected, got=got, hint=hint)
