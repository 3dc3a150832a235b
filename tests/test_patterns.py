"""No regular expression of the project takes more than linear time, whatever text it is held against."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any

import pytest

from benchmarks.peers.environment import PEERS
from tests.test_architecture import modules

NOT_INSTALLED = {f"benchmarks.peers.{peer}" for peer in PEERS}  # what they import is in environments of their own

# Lengths of a text, with how many times as long each may take as a fourth of it: linear is 4, quadratic 16, cubic 64.
# What is linear at the last is linear at whatever is accepted; the others end what would last for hours there.
SIZES = {16: 32, 256: 32, 2048: 10}
FLOOR, EACH = 0.3e-3, 0.25e-6  # seconds for a text, and for each of its characters, that need no second look

OFTEN = 8  # a part that may be repeated more often than this is an open end
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
WIDTHLESS = (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT, _constants.GROUPREF)
LETTERS = "a A1.,;:'’“”\"()[]<>-/*_=#|&%$£@!?\n\u00e9\u0301\u4e00\x01"
MOST = 8  # samples of a part
ENDS = ("", "\0")

Pattern = re.Pattern[str]


def test_every_pattern_takes_linear_time() -> None:
    """Some seconds for some hundred patterns, each against some dozens of texts that are made to hold it up."""
    found = patterns()
    assert len(found) > 100
    assert {name: slowest for name, pattern in found.items() if (slowest := held_up(pattern))} == {}


@pytest.mark.parametrize(
    "slow",
    [
        r"(?:\w+)+!",  # exponential
        r"\s*,?\s*;",
        r"\s+(?:[\w -]+?\s(?:that|who)\s)",
        r"\w*\d\w*[^\W\d_]\w*",
        r"\[([^\]]+)\]\([^)]*\)",
        r"(?:^|[.!?:]\s+|\n\s*)$",
        r"[\w.,:/’'-]*\w",
        r"“(.*?)”",
    ],
)
def test_a_pattern_that_can_be_held_up_is_found(slow: str) -> None:
    assert held_up(re.compile(slow))


def patterns() -> dict[str, Pattern]:
    """Every pattern that a module holds or writes down where it is used, once, by its name or its place."""
    found: dict[tuple[str, int], tuple[str, Pattern]] = {}
    for module, path in modules().items():
        if not module.endswith("__main__") and module not in NOT_INSTALLED:
            names = vars(importlib.import_module(module))
            for place, pattern in (*inside(names), *written(path.read_text(encoding="utf-8"), names)):
                found.setdefault((pattern.pattern, pattern.flags), (f"{module}{place}", pattern))
    return dict(found.values())


def inside(value: object) -> Iterator[tuple[str, Pattern]]:
    """The patterns in a value and in what it holds."""
    if isinstance(value, re.Pattern):
        text = value.pattern
        yield "", value if isinstance(text, str) else re.compile(text.decode("latin-1"), value.flags | re.ASCII)
    if isinstance(value, dict | list | tuple):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from ((f"[{key}]{place}", pattern) for place, pattern in inside(one))


def written(source: str, names: dict[str, object]) -> Iterator[tuple[str, Pattern]]:
    """The patterns that functions give to those of ``re``, with any word where one is put in as it is."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=used), args=[made, *_]):
                        if used != "escape":
                            yield f":{node.lineno}", re.compile(text(made, names))


def text(made: ast.expr, names: dict[str, object]) -> str:
    match made:
        case ast.Constant(value=str(constant)):
            return constant
        case ast.Constant(value=bytes(constant)):
            return constant.decode("latin-1")
        case ast.Name(id=name) if isinstance(held := names.get(name), str):
            return held
        case ast.JoinedStr(values=parts):
            return "".join(text(part.value if isinstance(part, ast.FormattedValue) else part, names) for part in parts)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="escape")):
            return "word"
    pytest.fail(f"A pattern that is made of what it is given could be any: {ast.unparse(made)}.")


def held_up(pattern: Pattern) -> str:
    """A text that takes the pattern more than linear time, shortened; empty where none was found."""
    for attack in attacks(pattern):
        for size, most in SIZES.items():
            if seconds(pattern, attack(size)) > max(FLOOR, EACH * size):
                short, long = (min(seconds(pattern, attack(length)) for _ in range(5)) for length in (size // 4, size))
                if long > most * short:
                    return attack(40)
    return ""


def seconds(pattern: Pattern, text: str) -> float:
    started = thread_time()
    for _ in pattern.finditer(text):
        pass
    return thread_time() - started


def attacks(pattern: Pattern) -> Iterator[Callable[[int], str]]:
    """Texts of any length: what leads up to an open end of the pattern, what it repeats there, and both in turn."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    made = dict.fromkeys(("", whole) for whole in samples(parsed)[:3])
    for lead, repeated in open_ends(parsed, ""):
        for one in repeated:
            made |= dict.fromkeys(((lead, one), ("", lead + one), ("", lead)))
    for lead, one in made:
        for end in ENDS:
            if one:
                yield partial(_text, lead, one, end)


def _text(lead: str, one: str, end: str, size: int) -> str:
    return lead + one * (size // len(one)) + end


def open_ends(parsed: Any, lead: str) -> Iterator[tuple[str, list[str]]]:
    """Each part that may be repeated without end: a text that leads up to it, and samples of it."""
    for kind, value in parsed:
        if kind in REPEATS and value[1] > OFTEN:
            yield lead, samples(value[2])
        for part in parts(kind, value):
            yield from open_ends(part, lead)
        lead += samples([(kind, value)])[0]


def samples(parsed: Any) -> list[str]:
    """Some of the shortest texts that a part of a pattern matches."""
    found = [""]
    for kind, value in parsed:
        if kind in WIDTHLESS:
            continue
        if kind in REPEATS:
            own = [one * value[0] for one in samples(value[2])] if value[0] else ["", *samples(value[2])]
        elif inner := parts(kind, value):
            own = [text for part in inner for text in samples(part)]
        else:
            own = letters(kind, value)
        found = list(dict.fromkeys(text + one for text in found for one in own))[:MOST]
    return found


def parts(kind: Any, value: Any) -> list[Any]:
    """The patterns that a part is made of."""
    if kind is _constants.BRANCH:
        return list(value[1])
    if kind is _constants.ATOMIC_GROUP:
        return [value]
    return [value[-1]] if kind is _constants.SUBPATTERN or kind in REPEATS or kind in WIDTHLESS[1:3] else []


def letters(kind: Any, value: Any) -> list[str]:
    """The letters that a part of one letter matches, of those that are tried."""
    if kind is _constants.LITERAL:
        return [chr(value)]
    fits = _compiler.compile(_parser.SubPattern(_parser.State(), [(kind, value)]), re.DOTALL).fullmatch
    return [letter for letter in LETTERS if fits(letter)] or ["\u2028"]
