"""YAML and TOML front matter of Markdown documents."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import yaml
from pydantic import JsonValue

_LIMIT = 20_000  # characters; a longer block is text
# The first line has to be a field, because a document may begin with a thematic break.
_YAML = re.compile(rf"\A---[ \t]*\n(?=\w[\w-]*[ \t]*:)(.{{1,{_LIMIT}}}?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(rf"\A\+\+\+[ \t]*\n(.{{1,{_LIMIT}}}?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(r"^(\w[\w-]*[ \t]*:)[ \t]+(\S.*)$", re.MULTILINE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_DATE_FORMATS = ("%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")  # besides ISO 8601
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_PARSE_ERRORS = (yaml.YAMLError, ValueError, OverflowError, RecursionError)  # the last three from escapes and nesting


def split_front_matter(text: str) -> tuple[Mapping[str, JsonValue], str]:
    """Split a document into the fields of its front matter, by name, and the text below it.

    A number or truth in YAML is one where its text can be had back from it, and else a string as written: ``1.10`` and
    ``Yes`` are strings. Deeper nesting than lists is left out. Front matter that cannot be parsed stays in the text,
    except that one common mistake in YAML is repaired: a one-line value that has to be quoted and is not.
    """
    for block, parse in ((_YAML, _from_yaml), (_TOML, _from_toml)):
        if match := block.match(text):
            try:
                return dict(parse(match[1])), text[match.end() :]
            except _PARSE_ERRORS:
                break
    return {}, text


def parse_date(value: str) -> date | None:
    """Parse a date with or without a time; None if it names no definite day: ``yesterday``, ``03/04/2024``."""
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        pass
    for date_format in _DATE_FORMATS:
        try:
            return datetime.strptime(value, date_format).date()
        except ValueError:
            continue
    return None


def date_at_start(name: str) -> date | None:
    """Return the date that the name of a file begins with, as ``2017-04-27``; None if it begins otherwise."""
    return parse_date(name[:10]) if _ISO_DATE.match(name) else None


def as_text(value: JsonValue) -> str:
    """Return a field's value as it was written; lists are joined by commas."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(one if isinstance(one, str) else json.dumps(one) for one in values)


def parse_language(value: str) -> str | None:
    """Return the ISO 639 code that a language tag such as ``en-GB`` begins with, or None."""
    code = _LANGUAGE.match(value)
    return code[0].lower() if code else None


def _from_yaml(block: str) -> Iterator[tuple[str, JsonValue]]:
    try:
        root = _compose(block)
    except _PARSE_ERRORS:
        root = _compose(_LINE.sub(_quote_value, block))
    if not isinstance(root, yaml.MappingNode):
        raise yaml.YAMLError("not a mapping")
    for key, node in root.value:
        values: list[JsonValue] = list(_values(node))
        as_text(values).encode()  # "\ud800" is a lone surrogate: UnicodeEncodeError is a ValueError
        if isinstance(key, yaml.ScalarNode) and values and values != [""]:
            yield key.value, values if isinstance(node, yaml.SequenceNode) else values[0]


def _compose(block: str) -> Any:
    """Parse YAML into nodes, without constructing objects; an alias is the same node as its anchor, not a copy."""
    return yaml.compose(block, Loader=yaml.SafeLoader)


def _quote_value(line: re.Match[str]) -> str:
    try:
        _compose(line[0])
    except _PARSE_ERRORS:
        return line[1] + " '" + line[2].replace("'", "''") + "'"
    return line[0]


def _values(node: yaml.Node) -> Iterator[JsonValue]:
    for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if isinstance(item, yaml.ScalarNode) and not item.tag.endswith(":null"):
            yield _scalar(item)


def _scalar(node: yaml.ScalarNode) -> str | float:
    text: str = node.value
    if node.tag.endswith((":int", ":float", ":bool")):
        with suppress(ValueError):
            value: float = json.loads(text)
            if json.dumps(value) == text:
                return value
    return text


def _from_toml(block: str) -> Iterator[tuple[str, JsonValue]]:
    for key, value in tomllib.loads(block).items():
        items = [item for item in (value if isinstance(value, list) else [value]) if not isinstance(item, list | dict)]
        values = [item if isinstance(item, str | int | float) else item.isoformat() for item in items]
        if values and values != [""]:
            yield key, values if isinstance(value, list) else values[0]
