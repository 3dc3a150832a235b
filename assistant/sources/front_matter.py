"""Front matter: what the first lines of a Markdown document say about it, as YAML or TOML."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml

_MOST = 20_000  # characters of front matter; what goes on for longer is text
# Its first line is a field: a document may begin with a thematic break.
_YAML = re.compile(rf"\A---[ \t]*\n(?=\w[\w-]*[ \t]*:)(.{{1,{_MOST}}}?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(rf"\A\+\+\+[ \t]*\n(.{{1,{_MOST}}}?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(r"^(\w[\w-]*[ \t]*:)[ \t]+(\S.*)$", re.MULTILINE)
_WAYS = ("%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")  # to write a day, besides ISO's
_BROKEN = (yaml.YAMLError, ValueError, OverflowError, RecursionError)  # the last three by escapes and nesting


def split_front_matter(text: str) -> tuple[Mapping[str, str], str]:
    """The fields of the front matter, by their names in small letters, and the text below it.

    Values are taken as they are written: the title ``1984`` is no number, and ``Yes`` is no truth. Lists of values are
    joined by commas; what is nested deeper is left out. Front matter that is no YAML, or no TOML, stays in the text; of
    YAML's faults one is mended, because people make it: a value on one line that would have to be quoted.
    """
    for front_matter, parse in ((_YAML, _from_yaml), (_TOML, _from_toml)):
        if match := front_matter.match(text):
            try:
                return dict(parse(match[1])), text[match.end() :]
            except _BROKEN:
                break
    return {}, text


def day(value: str) -> date | None:
    """The day of a date, with or without a time; None for what is not one day: ``yesterday``, ``03/04/2024``."""
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        pass
    for way in _WAYS:
        try:
            return datetime.strptime(value, way).date()
        except ValueError:
            continue
    return None


def _from_yaml(block: str) -> Iterator[tuple[str, str]]:
    try:
        root = _composed(block)
    except _BROKEN:
        root = _composed(_LINE.sub(_quoted, block))
    if not isinstance(root, yaml.MappingNode):
        raise yaml.YAMLError("not a mapping")
    for key, node in root.value:
        value = ", ".join(_values(node))
        value.encode()  # "\ud800" is half of a character
        if isinstance(key, yaml.ScalarNode) and value:
            yield key.value.lower(), value


def _composed(block: str) -> Any:
    """The nodes of a document: nothing is constructed, and an alias is the very node that it names, not a copy."""
    return yaml.compose(block, Loader=yaml.SafeLoader)


def _quoted(line: re.Match[str]) -> str:
    try:
        _composed(line[0])
    except _BROKEN:
        return line[1] + " '" + line[2].replace("'", "''") + "'"
    return line[0]


def _values(node: yaml.Node) -> Iterator[str]:
    for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if isinstance(one, yaml.ScalarNode) and not one.tag.endswith(":null"):
            yield one.value


def _from_toml(block: str) -> Iterator[tuple[str, str]]:
    for key, value in tomllib.loads(block).items():
        values = value if isinstance(value, list) else [value]
        written = ", ".join(str(one) for one in values if not isinstance(one, list | dict))
        if written:
            yield key.lower(), written
