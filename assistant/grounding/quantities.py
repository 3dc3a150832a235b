"""Numbers in a text, written in digits or in words, as values with a unit."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"
SMALL_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"

# Powers of ten.
SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9}
SCALES |= {"bln": 9, "trillion": 12, "tn": 12, "trn": 12}
_CARDINALS = {word: n for n, word in enumerate(SMALL_NUMBER_WORDS.split())}
_CARDINALS |= {word: 10 * n for n, word in enumerate(TENS_WORDS.split(), 2)}
_ORDINALS = {word: n for n, word in enumerate(ORDINAL_WORDS.split(), 1)}
_ORDINAL_SUFFIXES = {"st", "nd", "rd", "th"}
_VAGUE = {"half", "quarter", "dozen", "dozens", "hundreds", "thousands", "millions", "billions", "twice", "double"}
_VAGUE |= {"triple", "once", "both", "several", "few", "majority", "minority"}
_UNITS = {
    "%": "%",
    "percent": "%",
    "percentage": "%",
    "pct": "%",
    "dollars": "$",
    "dollar": "$",
    "dlrs": "$",
    "dlr": "$",
}
_UNITS |= {"usd": "$", "pounds": "£", "pound": "£", "gbp": "£", "euros": "€", "euro": "€", "eur": "€", "yen": "¥"}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(
    r"\b(?:(?P<many>an?|one|two|three|four)[ -])?(?P<part>half|third|quarter|fifth|tenth)s?"
    r"(?= of\b| (?:the|its|their|his|her) |[ ]?[.,;]|$| (?:to|in|from|since|as) )",
    re.IGNORECASE,
)
_DOZEN = re.compile(r"\b(?P<half>half )?an? dozen\b", re.IGNORECASE)

_LONG_SCALES = {"k": "thousand", "m": "million", "mn": "million", "mln": "million", "bn": "billion", "bln": "billion"}
_LONG_SCALES |= {"tn": "trillion", "trn": "trillion"}
_LONG_UNITS = {"%": "percent", "$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
_SCALED = re.compile(rf"(?P<figure>\d) ?(?P<scale>{'|'.join(_LONG_SCALES)})\b", re.IGNORECASE)
_SIGNED = re.compile(r"(?P<sign>[$£€¥]) ?(?P<amount>\d++(?:[.,]\d++)*+(?: (?:thousand|[mbtr]+illion)\b)?)")
_SHORT_UNIT = re.compile(r"(?<=[\dn]) ?(?P<unit>%|(?:pct|per cent|dlrs?|usd|gbp|eur)\b)", re.IGNORECASE)

# Words that are compared by value here, so that no other rule has to compare them as words.
QUANTITY_WORDS = frozenset({*_CARDINALS, *SCALES, *_ORDINALS, *_VAGUE, *_UNITS, "per", "cent"})

_MINUS = r"(?:(?<![\w.,%)\]])[-\u2212])?"  # before a number, and not between two: "-5 degrees", "3-5 degrees"
_CURRENCY_SIGNS = "$£€¥"
_TOKEN = re.compile(rf"[$£€¥%]|{_MINUS}\d+(?:(?:, ?\d{{3}})+)?(?:\.\d+)?|[^\W\d_]+")
_THOUSANDS_SEPARATOR = re.compile(", ?")


class Quantity(NamedTuple):
    """A number and its unit: ``%``, a currency sign, ``th`` for an ordinal, or an empty string.

    A vague number such as "dozens" has the word itself as its value.
    """

    value: Decimal | str
    unit: str


def quantities(text: str) -> Iterator[Quantity]:
    """Yield each number of a text, in order."""
    tokens = [token.lower() for token in _TOKEN.findall(_in_figures(text))]
    i = 0
    while i < len(tokens):
        start = i
        value, i = _parse_number(tokens, start)
        if value is None:
            word = tokens[start]
            if word in _VAGUE:
                yield Quantity(word, "")
            elif word in _ORDINALS:
                yield Quantity(Decimal(_ORDINALS[word]), "th")
            i += 1
            continue
        before = tokens[start - 1] if start else ""
        if "minus" in (before, tokens[start - 2] if before and before in _CURRENCY_SIGNS and start > 1 else ""):
            value = -value
        after = tokens[i] if i < len(tokens) else ""
        if after == "per" and tokens[i + 1 : i + 2] == ["cent"]:
            after = "%"
        if after == "us" and tokens[i + 1 : i + 2] == ["dollars"]:
            after = "$"
        if tokens[start] == "one" and i == start + 1 and after == "of":
            continue  # "one of the talks" does not count anything.
        unit = _UNITS.get(after, after if after == "$" else "") or ("th" if after in _ORDINAL_SUFFIXES else "")
        yield Quantity(value, before if before and before in _CURRENCY_SIGNS else unit)


def in_one_spelling(text: str) -> str:
    """Return a text with its amounts spelled alike: *$45m* and *45 mln dlrs* as *45 million dollars*."""
    text = _SCALED.sub(lambda found: f"{found['figure']} {_LONG_SCALES[found['scale'].lower()]}", _in_figures(text))
    text = _SIGNED.sub(lambda found: f"{found['amount']} {_LONG_UNITS[found['sign']]}", text)
    return _SHORT_UNIT.sub(lambda found: f" {_LONG_UNITS[_UNITS[found['unit'].lower().replace(' ', '')]]}", text)


def _in_figures(text: str) -> str:
    """Return a text with its fractions as percentages and its dozens as numbers."""
    text = _DOZEN.sub(lambda found: "6" if found["half"] else "12", text)
    return _FRACTION.sub(_percentage, text)


def _percentage(found: re.Match[str]) -> str:
    """Return a fraction as a percentage; unchanged where it may be an ordinal or a part of a year."""
    many = (found["many"] or "").lower()
    part = found["part"].lower()
    if not many and part != "half":
        return found.group()
    share = Decimal(100) * _CARDINALS.get(many, 1) / _PARTS[part]
    return f"{share.quantize(Decimal('.1')).normalize():f}%"


def _parse_number(tokens: list[str], start: int) -> tuple[Decimal | None, int]:
    """Return the number that begins at a token, or None, and the index after its last token.

    ``total`` holds the groups that a scale word has closed ("two million"), ``group`` the one that is being read.
    """
    total, group = Decimal(0), Decimal(0)
    i = start
    while i < len(tokens):
        word = tokens[i]
        if i == start and word[-1].isdecimal():
            group = Decimal(_THOUSANDS_SEPARATOR.sub("", word).replace("\u2212", "-"))
        elif word in _CARDINALS and (
            i == start or _CARDINALS[word] < 10 <= group or tokens[i - 1] in SCALES or tokens[i - 1] == "and"
        ):
            group += _CARDINALS[word]
        elif word in SCALES and i > start:
            group *= 10 ** SCALES[word]
            if SCALES[word] > 2:
                total, group = total + group, Decimal(0)
        elif not (i > start and word == "and" and tokens[i - 1] in SCALES and _is_cardinal(tokens[i + 1 : i + 2])):
            break
        i += 1
    return (total + group, i) if i > start else (None, i)


def _is_cardinal(tokens: list[str]) -> bool:
    return bool(tokens) and tokens[0] in _CARDINALS
