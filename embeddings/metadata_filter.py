"""Filters on the metadata of articles, written as conditions: ``section = Sport and year >= 2016``.

    filter     = condition { "and" condition }
    condition  = [ "not" ] ( name comparison value | name "in" "(" value { "," value } ")" | "has" name )
    comparison = "=" | "!=" | "<" | "<=" | ">" | ">="

A name or value with a space or a sign in it stands in quotes, where a backslash goes before a quote or a backslash.
A number compares as a number, with numbers and with texts that are one; anything else, and a number in quotes, compares
as text, character by character. A list passes if one of its values does. ``a.b`` is the field ``b`` of an object ``a``.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import JsonValue

EXAMPLE = 'section = Sport and year >= 2016 and city in (Oslo, "New York") and has editor and not draft = true'

_TOKEN = re.compile(
    r"""\A\s*+(?:(?P<quoted>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')"""
    r"""|(?P<sign>[<>!]=|[<>=(),])|(?P<word>[^\s"'<>=!(),][^\s"<>=!(),]*+))\s*+""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?", re.ASCII)
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Condition(NamedTuple):
    """A condition on a field. Without a comparison the field only has to have a value."""

    name: str
    is_negated: bool
    comparison: str = ""
    values: tuple[str | float, ...] = ()

    def passes(self, metadata: Mapping[str, JsonValue]) -> bool:
        """Return True if an article with this metadata passes."""
        return any(map(self._holds, _values(metadata, self.name))) != self.is_negated

    def _holds(self, value: str | float) -> bool:
        if not self.comparison:
            return True
        as_text, as_number = value if isinstance(value, str) else json.dumps(value), _number(value)
        return any(
            _HOLDS[self.comparison](as_text, one)
            if isinstance(one, str)
            else as_number is not None and _HOLDS[self.comparison](as_number, one)
            for one in self.values
        )


@lru_cache(maxsize=256)
def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions of a filter, all of which an article has to pass.

    Raises:
        ValueError: The text is not such a filter.
    """
    parser = _Parser(text)
    conditions = [parser.condition()]
    while parser.accept("and"):
        conditions.append(parser.condition())
    parser.require_end()
    return tuple(conditions)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        while token := _TOKEN.match(text):
            self._tokens.append(token)
            text = text[token.end() :]
        self._rest, self._next = text, 0

    def condition(self) -> Condition:
        """Read a condition."""
        is_negated = bool(self.accept("not"))
        if self.accept("has"):
            return Condition(self._word("a name"), is_negated)
        name = self._word("a name")
        if self.accept("in"):
            self._require("`(`", "(")
            values = [self._value()]
            while self.accept(","):
                values.append(self._value())
            self._require("`,` or `)`", ")")
            return Condition(name, is_negated, "=", tuple(values))
        comparison = self._require("a comparison or `in`", "!=", *_HOLDS)
        if comparison == "!=":
            return Condition(name, not is_negated, "=", (self._value(),))
        return Condition(name, is_negated, comparison, (self._value(),))

    def accept(self, *words: str) -> str:
        """Read a keyword or sign and return it in lower case; the empty string if the next token is none of these."""
        token = self._peek()
        if token is None or token["quoted"] or token[0].strip().lower() not in words:
            return ""
        self._next += 1
        return token[0].strip().lower()

    def require_end(self) -> None:
        """Raise ValueError if anything is left."""
        if self._peek() or self._rest:
            raise self._unexpected("`and`")

    def _require(self, expected: str, *words: str) -> str:
        if word := self.accept(*words):
            return word
        raise self._unexpected(expected)

    def _unexpected(self, expected: str) -> ValueError:
        token = self._peek()
        found = token[0].strip() if token else self._rest or "the end"
        return ValueError(f"conditions such as `{EXAMPLE}`, with {expected} instead of {found[:40]!r}")

    def _word(self, expected: str) -> str:
        token = self._peek()
        if token is None or token["sign"]:
            raise self._unexpected(expected)
        self._next += 1
        return token["word"] or _ESCAPED.sub(r"\1", token["quoted"][1:-1])

    def _value(self) -> str | float:
        token, text = self._peek(), self._word("a value")
        number = _number(text) if token and token["word"] else None
        return text if number is None else number

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None


def _values(metadata: JsonValue | Mapping[str, JsonValue], name: str) -> Iterator[str | float]:
    """Yield the values of a field: those of a list one by one, and none for null."""
    if not isinstance(metadata, Mapping):
        return
    if name in metadata:
        yield from _single_values(metadata[name])
    elif "." in name:
        head, _, rest = name.partition(".")
        yield from _values(metadata.get(head), rest)


def _single_values(value: JsonValue) -> Iterator[str | float]:
    if isinstance(value, list):
        for one in value:
            yield from _single_values(one)
    elif isinstance(value, (str, int, float)):
        yield value


def _number(value: str | float) -> float | None:
    """Return the number that a value is, or that a text is; an int, which is exact, if it is whole."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        return int(value) if len(value) < 400 and value.lstrip("-").isdigit() else float(value)
    return value
