"""The same amount, date or time in another spelling."""

import random
import re
from collections.abc import Callable

_UNITS: tuple[str, ...] = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_UNITS += ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MONTHS: tuple[str, ...] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
)
_MONTHS += ("December",)
_MONTH = "|".join(_MONTHS)
_SCALES = {"thousand": ("thousand", "k"), "million": ("million", "mln", "m", "mn"), "billion": ("billion", "bln", "bn")}
_SCALES["trillion"] = ("trillion", "tn", "trn")
_CURRENCIES = {"$": ("dollars", "dlrs", "US dollars"), "€": ("euros", "euro"), "£": ("pounds", "pounds sterling")}
_CURRENCIES["¥"] = ("yen",)
_PERCENT = ("%", " percent", " per cent", " pct")
_DOZENS = {"12": "a dozen", "24": "two dozen", "36": "three dozen", "6": "half a dozen"}
Respell = Callable[[re.Match[str], random.Random], str]


def _in_words(number: int) -> str:
    """Return a number below 1,000 in words."""
    if number < len(_UNITS):
        return _UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (f"-{_UNITS[rest]}" if rest else "")
    hundreds, rest = divmod(number, 100)
    return f"{_UNITS[hundreds]} hundred" + (f" and {_in_words(rest)}" if rest else "")


def _date(found: re.Match[str], chance: random.Random) -> str:
    day, month = found["d1"] or found["d2"], found["m1"] or found["m2"]
    year = found["y1"] or found["y2"]
    short = month if month == "May" else month[:3]
    tail = f" {year}" if year else ""
    comma = f", {year}" if year else ""
    forms = [f"{day} {month}{tail}", f"{month} {day}{comma}", f"{short} {day}{comma}", f"{day} {short}{tail}"]
    forms.append(f"{month} {day}{_ordinal(int(day))}{comma}")
    if year:
        forms.append(f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}")
    return chance.choice([one for one in forms if one != found.group()])


def _ordinal(number: int) -> str:
    return "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _money(found: re.Match[str], chance: random.Random) -> str:
    sign, figure, scale = found["sign"], found["sum"], found["scale"]
    units = _CURRENCIES[sign]
    if not scale and len(digits := figure.replace(",", "")) > 6 and digits.isdigit() and not int(digits) % 100_000:
        figure, scale = f"{int(digits) / 1e6:g}", "million"
    if scale:
        short = chance.choice(_SCALES[scale])
        joined = f"{sign}{figure}{short}" if len(short) < 3 else f"{sign}{figure} {short}"
        return chance.choice([joined, f"{figure} {short} {chance.choice(units)}"])
    return f"{figure} {chance.choice(units)}"


def _percent(found: re.Match[str], chance: random.Random) -> str:
    figure = found["share"]
    if figure in {"25", "50", "20", "75"} and chance.random() < 0.5:
        return {"25": "a quarter", "50": "half", "20": "a fifth", "75": "three quarters"}[figure]
    if figure.isdigit() and int(figure) < 100 and chance.random() < 0.3:
        return f"{_in_words(int(figure))} percent"
    return figure + chance.choice([one for one in _PERCENT if not found.group().endswith(one)])


def _scaled(found: re.Match[str], chance: random.Random) -> str:
    figure, scale = found["many"], found["of"]
    if scale in {"million", "thousand"} and "." not in figure and chance.random() < 0.4:
        return f"{int(figure.replace(',', '')) * (1000 if scale == 'thousand' else 1_000_000):,}"
    if figure.isdigit() and int(figure) < 100 and chance.random() < 0.4:
        return f"{_in_words(int(figure))} {scale}"
    short = chance.choice(_SCALES[scale][1:])
    return f"{figure}{short}" if len(short) < 3 else f"{figure} {short}"


def _plain(found: re.Match[str], chance: random.Random) -> str:
    figure = found["plain"]
    if figure in _DOZENS and chance.random() < 0.4:
        return _DOZENS[figure]
    value = int(figure.replace(",", ""))
    if "," in figure or (value >= 2100 and chance.random() < 0.7):
        if value >= 100_000 and not value % 100_000:
            return f"{value / 1e6:g} million"
        if value >= 1000 and not value % 1000 and chance.random() < 0.6:
            return f"{value // 1000} thousand" if chance.random() < 0.5 else f"{value // 1000}k"
        return str(value) if "," in figure else f"{value:,}"
    return _in_words(value) if value < 1000 else f"{value:,}" if value > 2100 else figure


def _spelt(found: re.Match[str], _: random.Random) -> str:
    return (
        str((*_UNITS, *_TENS).index(found["word"].lower()))
        if found["word"].lower() in _UNITS
        else "".join(f"{10 * _TENS.index(found['word'].lower())}")
    )


def _time(found: re.Match[str], chance: random.Random) -> str:
    hour, minute, half = int(found["hour"]), found["minute"] or "00", found["half"].lower().replace(".", "").strip()
    clock = (hour % 12) + (12 if half == "pm" else 0)
    short = f"{hour}:{minute}" if minute != "00" else f"{hour}"
    return chance.choice(
        [f"{clock}:{minute}", f"{short}{half}", f"{short} {half[0]}.{half[1]}.", f"{short} {half.upper()}"]
    )


_FIGURE = r"(?<![\d,.])(?:\d{1,3}(?:,\d{3})++(?:\.\d++)?+|\d++(?:\.\d++)?+)"
_FORMS: tuple[tuple[str, Respell], ...] = (
    (
        (
            rf"\b(?:(?P<d1>\d\d?) (?P<m1>{_MONTH})(?: (?P<y1>\d{{4}}))?|"
            rf"(?P<m2>{_MONTH}) (?P<d2>\d\d?)(?:, (?P<y2>\d{{4}}))?)\b"
        ),
        _date,
    ),
    (r"\b(?P<hour>1?\d)(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]\.?m\b\.?)", _time),
    (rf"(?P<sign>[$€£¥]) ?(?P<sum>{_FIGURE})(?: (?P<scale>thousand|million|billion|trillion))?\b", _money),
    (rf"\b(?P<share>{_FIGURE})(?:%| per ?cent\b)", _percent),
    (rf"\b(?P<many>{_FIGURE}) (?P<of>thousand|million|billion|trillion)\b", _scaled),
    (
        r"(?<![\w.,$€£¥:/-])(?P<plain>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w%:/-]|[.,]\d| (?:thousand|million|billion|per))",
        _plain,
    ),
    (rf"\b(?P<word>{'|'.join((*_UNITS[2:], *_TENS[2:]))})\b(?!-)", _spelt),
)
_COMPILED = tuple((re.compile(pattern), respell) for pattern, respell in _FORMS)


def respelt(text: str, chance: random.Random) -> str:
    """Return a text with its amounts, dates and times in another spelling; unchanged if it has none."""
    parts = [(text, False)]
    for pattern, respell in _COMPILED:
        parts = [one for part in parts for one in _apply(*part, pattern, respell, chance)]
    return "".join(part for part, _ in parts)


def _apply(
    text: str, done: bool, pattern: re.Pattern[str], respell: Respell, chance: random.Random
) -> list[tuple[str, bool]]:
    if done:
        return [(text, True)]
    parts, last = list[tuple[str, bool]](), 0
    for found in pattern.finditer(text):
        parts += [(text[last : found.start()], False), (respell(found, chance), True)]
        last = found.end()
    return [*parts, (text[last:], False)]
