"""The written rules: numbers, dates, names and quotations of a sentence must stand in the text that it cites.

A value is compared, not its spelling: ``11,000,000``, ``11 million`` and ``eleven million`` are one number,
``12 March`` and ``2016-03-12`` agree, ``U.S.`` is ``US`` and stands for ``United States``. Nothing is looked up
and nothing learned.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from embeddings.text.stop_words import STOP_WORDS as _FUNCTION
from embeddings.text.terms import terms

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_COUNT = {word: n for n, word in enumerate(_ONES.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_COUNT |= {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
_COUNTS = [[word] for word in _COUNT]
_SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12}
_ORDINAL = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINALS = {word: n for n, word in enumerate(_ORDINAL.split(), 1)}
_VAGUE = {"half", "quarter", "dozen", "dozens", "hundreds", "thousands", "millions", "billions", "twice", "double"}
_VAGUE |= {"triple", "once", "both", "several", "few", "majority", "minority"}
_UNITS = {"%": "%", "percent": "%", "percentage": "%", "dollars": "$", "dollar": "$", "pounds": "£", "euros": "€"}
COUNTING = frozenset({*_COUNT, *_SCALES, *_ORDINALS, *_VAGUE, *_UNITS, "per", "cent"})  # compared by value, not by word
_TOKEN = re.compile(r"[$£€¥%]|\d+(?:, ?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
_MONTH += r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:1[0-9]|20)\d\d\b"
_DATE = re.compile(
    rf"\b(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>{_DAY})\b(?:,?\s+(?P<y2>{_YEAR}))?"
    rf"|\b(?P<m3>{_MONTH}),?\s+(?:of\s+)?(?P<y3>{_YEAR})"
    r"|\b(?P<y4>\d{4})-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|(?<=[a-z,] )(?P<m5>{_MONTH})"
)
_WEEKDAY = re.compile(
    r"\b((?i:mon|tues|wednes|thurs|fri|satur|sun))days?\b|\b(Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.(?!\w)"
)
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|ago|(?:last|next|this|past|previous|following) "
    r"(?:\w+day|week|weekend|month|year|night|morning|evening|spring|summer|autumn|fall|winter|decade|century))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^“”]{2,})”|\"([^\"]{2,})\"|(?<!\w)\u2018([^\u2018\u2019]{8,})\u2019(?!\w)")
_NAME = re.compile(r"(?<!\w)(?:[^\W\d_a-zß-ÿ](?:\w|[.'&](?=\w))*|[^\W\d]*+\d[\d_]*+[^\W\d_]\w*)")
_COMMA, _DIGITS = re.compile(", ?"), re.compile(r"\A\d+")
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_START = re.compile(r"(?:^|[.!?:]\s+|[“\"(])$")
_NEAR = 80  # characters before a word that tell whether a sentence starts with it
_WORD = re.compile(r"(?:\w|[.'&](?=\w))+")
_ORDINAL_DIGITS = re.compile(r"\A\d+(?:st|nd|rd|th|s)")
_OPENERS = "however additionally also overall finally meanwhile moreover furthermore therefore thus yes yet still "
_OPENERS += (
    "though although despite because since unless whereas while once until instead prior according such many most "
)
_OPENERS += "some several another every"
_NO_NAMES = frozenset(f"i mr mrs ms dr sir {_OPENERS} {_ORDINAL} {_TENS} {_ONES}".split()) | _SCALES.keys()
_DEMONYM = ("n", "an", "ian", "s", "es", "ish", "ese", "i")

_Number = tuple[Decimal | str, str]
_Date = tuple[int | None, int, int | None]


@dataclass(frozen=True)
class Facts:
    """What a text states that a rule can hold against another text."""

    numbers: frozenset[_Number]
    dated: frozenset[_Number]
    dates: frozenset[_Date]
    times: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    quotations: tuple[str, ...]
    words: tuple[str, ...]
    letters: str

    def missing_from(self, cited: "Facts") -> Iterator[str]:
        """Each fact that does not stand in the cited text, in words for people."""
        for value, unit in sorted(self.numbers - cited.numbers - cited.dated, key=str):
            yield f"the number {value}{unit}"
        if any(not any(_agrees(date, other) for other in cited.dates) for date in self.dates):
            yield "the date"
        yield from (f"the time {time!r}" for time in sorted(self.times - cited.times))
        yield from (f"the name {' '.join(name)!r}" for name in self.names if not _stands(name, cited.words))
        yield from (f"the quotation {quote!r}" for quote in self.quotations if quote not in cited.letters)


@lru_cache(maxsize=4096)
def facts(text: str) -> Facts:
    """The facts of a text; remembered, because a passage is held against many sentences."""
    plain = text.replace("’", "'")
    return Facts(
        numbers=frozenset(_numbers(_DATE.sub(" , ", plain))),
        dated=frozenset(number for found in _DATE.finditer(plain) for number in _numbers(found.group())),
        dates=frozenset(map(_date, _DATE.finditer(plain))),
        times=frozenset(_times(plain)),
        names=tuple(_names(_WEEKDAY.sub(",", _DATE.sub(",", plain)))),
        quotations=tuple(_letters("".join(found)) for found in _QUOTED.findall(text)),
        words=tuple(_key(word) for word in _WORD.findall(plain)),
        letters=_letters(text),
    )


def missing(sentence: str, cited: str) -> tuple[str, ...]:
    """The numbers, dates, times, names and quotations of a sentence that the cited text does not have."""
    return tuple(facts(sentence).missing_from(facts(cited)))


def _numbers(text: str) -> Iterator[_Number]:
    """Each number as its value and its unit (``%``, a currency sign, ``th`` for an ordinal, or nothing)."""
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    i = 0
    while i < len(tokens):
        start, (value, i) = i, _number(tokens, i)
        if value is None:
            word = tokens[i]
            if word in _VAGUE:
                yield word, ""
            elif word in _ORDINALS:
                yield Decimal(_ORDINALS[word]), "th"
            i += 1
            continue
        after = tokens[i] if i < len(tokens) else ""
        if after == "per" and tokens[i + 1 : i + 2] == ["cent"]:
            after = "%"
        before = tokens[start - 1] if start else ""
        unit = _UNITS.get(after) or ("th" if after in {"st", "nd", "rd", "th"} else "")
        if tokens[start] != "one" or i > start + 1 or after != "of":  # "one of the talks" counts nothing
            yield value, before if before and before in "$£€¥" else unit


def _number(tokens: list[str], i: int) -> tuple[Decimal | None, int]:
    """The value that starts at token ``i``, in digits or in words, and where it ends."""
    whole, part, start = Decimal(0), Decimal(0), i
    while i < len(tokens):
        word = tokens[i]
        if i == start and word[0].isdecimal():
            part = Decimal(_COMMA.sub("", word))
        elif word in _COUNT and (i == start or _COUNT[word] < 10 <= part or tokens[i - 1] in {*_SCALES, "and"}):
            part += _COUNT[word]
        elif word in _SCALES and i > start:
            part *= 10 ** _SCALES[word]
            if _SCALES[word] > 2:
                whole, part = whole + part, Decimal(0)
        elif i == start or word != "and" or tokens[i - 1] not in _SCALES or tokens[i + 1 : i + 2] not in _COUNTS:
            break
        i += 1
    return (whole + part, i) if i > start else (None, i)


def _date(found: re.Match[str]) -> _Date:
    parts = {name[0]: value for name, value in found.groupdict().items() if value}
    month = parts["m"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    day = _DIGITS.match(parts.get("d", ""))
    return int(parts["y"]) if "y" in parts else None, number, int(day.group()) if day else None


def _agrees(date: _Date, cited: _Date) -> bool:
    return all(one is None or one == other for one, other in zip(date, cited, strict=True))


def _times(text: str) -> Iterator[str]:
    for found in _WEEKDAY.finditer(text):
        yield next(filter(None, found.groups()))[:3].lower()
    for found in _RELATIVE.finditer(text):
        yield found.group().lower()


def _names(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of capitalised words and codes. A first word counts too, unless any sentence may start with it."""
    run: list[str] = []
    end = 0
    for found in _NAME.finditer(text):
        if run and text[end : found.start()] not in {" ", "-"}:
            yield tuple(run)
            run = []
        word, end = found.group(), found.end()
        key = _key(word)
        opens = bool(_START.search(text[max(0, found.start() - _NEAR) : found.start()]))
        cased = word[0].isupper() or (any(map(str.isdecimal, word)) and any(map(str.isalpha, word)))
        if cased and not (key in _NO_NAMES or _ORDINAL_DIGITS.match(key) or (opens and {*terms(key)} <= _FUNCTION)):
            run.append(key)
        if word.endswith("'s"):  # what somebody owns has a name of its own
            end = 0
    if run:
        yield tuple(run)


def _stands(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the parts of a name stand in a text, each near the one before it; or the name's other form does."""
    initials = "".join(part[0] for part in name)
    if len(name) > 1 and initials in words:
        return True
    places = [[i for i, word in enumerate(words) if _same(part, word)] for part in name]
    if len(name) == 1 and not places[0]:
        letters = "".join(word[:1] for word in words)
        return 2 <= len(name[0]) <= 5 and name[0] in letters
    near = all(any(0 < j - i <= 4 for i in one for j in other) for one, other in pairwise(places))
    return all(places) and near


def _same(part: str, word: str) -> bool:
    if part == word or terms(part) == terms(word):
        return True
    short, long = sorted((part, word), key=len)
    return len(short) >= 4 and long.startswith(short) and long[len(short) :] in _DEMONYM


def _key(word: str) -> str:
    """Letters and digits alone, without case, accents and a possessive ending."""
    word = _DOT.sub("", word)
    folded = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return folded.casefold().removesuffix("'s").removesuffix("'")


def _letters(text: str) -> str:
    """Words alone, so that a quotation is found whatever marks stand around and within it."""
    return f" {' '.join(map(_key, _WORD.findall(text.replace('’', chr(39)))))} "
