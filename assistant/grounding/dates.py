"""Calendar dates, weekdays and relative times in a text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
_MONTH += r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:1[0-9]|20)\d\d\b"
# Each alternative numbers its groups: d for the day, m for the month, y for the year.
DATE = re.compile(
    rf"\b(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>{_DAY})\b(?:,?\s+(?P<y2>{_YEAR}))?"
    rf"|\b(?P<m3>{_MONTH}),?\s+(?:of\s+)?(?P<y3>{_YEAR})"
    r"|\b(?P<y4>\d{4})-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|(?<=[a-z,] )(?P<m5>{_MONTH})"
)
WEEKDAY = re.compile(
    r"\b((?i:mon|tues|wednes|thurs|fri|satur|sun))days?\b|\b(Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.(?!\w)"
)
_RELATIVE_TIME = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|ago|(?:last|next|this|past|previous|following) "
    r"(?:\w+day|week|weekend|month|year|night|morning|evening|spring|summer|autumn|fall|winter|decade|century))\b",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"\b(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?|\b(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\A\d+")


class PartialDate(NamedTuple):
    """A date of which the year or the day may be unknown."""

    year: int | None
    month: int
    day: int | None

    def agrees_with(self, other: "PartialDate") -> bool:
        """True if the other date has every part that this one states."""
        return all(part is None or part == others for part, others in zip(self, other, strict=True))


def dates(text: str) -> Iterator[PartialDate]:
    """Yield each calendar date of a text, in order."""
    for match in DATE.finditer(text):
        parts = {group[0]: value for group, value in match.groupdict().items() if value}
        month = parts["m"]
        day = _DIGITS.match(parts.get("d", ""))
        yield PartialDate(
            year=int(parts["y"]) if "y" in parts else None,
            month=int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1,
            day=int(day.group()) if day else None,
        )


def times(text: str) -> Iterator[str]:
    """Yield the times of day of a text ("19:00"), its weekdays ("sat"), and its relative times ("last week")."""
    for match in CLOCK.finditer(text):
        hour = int(match["h24"]) if match["h24"] else int(match["hour"]) % 12 + 12 * (match["half"].lower() == "p")
        yield f"{hour}:{match['m24'] or match['minute'] or '00'}"
    for match in WEEKDAY.finditer(text):
        yield next(filter(None, match.groups()))[:3].lower()
    for match in _RELATIVE_TIME.finditer(text):
        yield match.group().lower()
