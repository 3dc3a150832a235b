"""Days of publication that a question asks for: "What did last week's articles say about the bridge?".

Most dates in a question are those of an event, and an article of another day may tell of it. So days are read only
where the question says of articles that it is to be answered from them: before a verb of saying, after "according to",
at the beginning ("In articles from 2015, …"), and in requests for articles ("Summarise yesterday's news"). All else is
left alone.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from assistant.grounding.dates import DATE, dates

_ARTICLES = r"(?:articles?|coverage|stories|news(?: (?:articles|coverage|items|stories))?)"
_RELATIVE = r"(?:yesterday|today|(?:last|this) (?:week|month|year))"
_WHOSE = re.compile(rf"\b(?P<when>{_RELATIVE})['’]s (?P<articles>{_ARTICLES})\b", re.IGNORECASE)
_PUBLISHED = r"(?:(?:that|which) (?:is|are|was|were) )?(?:published|written|posted|printed)"
_FROM = re.compile(
    rf"\b(?P<articles>{_ARTICLES}) (?:from|dated|{_PUBLISHED} (?:in|on|during|within)"
    rf"|(?:{_PUBLISHED} )?(?P<bound>since|after|before)) ",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"(?P<relative>{_RELATIVE})\b|the (?:last|past) (?:(?P<number>[1-9]\d?) )?(?P<unit>day|week|month|year)s?\b"
    r"|(?P<year>(?:19|20)\d\d)(?![\w-])",
    re.IGNORECASE,
)

_DETERMINERS = {"the", "our", "any", "all", "of", "only", "just"}
_ACCORDING_TO = {"according to", "based on", "going by"}
_WH = r"(?:what else|what|who|where|when|why|how(?: many| much)?|(?:which|what) \w+)"
_REQUEST = r"(?:list|show(?: me)?|find(?: me)?|give me|summari[sz]e|sum up|search|look (?:at|in|through))"
_SAY = "say|tell|mention|report|write|discuss|describe|cover|claim|talk|deal|explain|reveal|state|suggest"
_ABOUT = " (?:about|on|regarding)"
# What stands before and after the articles, if the question is to be answered from them.
_BEFORE_AND_AFTER = {
    rf"(?:(?:and|but|so),? )?(?:(?:{_WH} )?(?:do|does|did)|which|what|how many)": rf" (?:also )?(?:{_SAY})s?\b",
    r"which|what|are there|is there|how many|do you have|have you got|": rf"{_ABOUT} ",
    "according to": rf"[,.;:?!]|\Z|{_ABOUT} ",
    r"looking (?:at|through)|judging (?:by|from)|in|from": ",",
    rf"(?:please )?{_REQUEST}": rf"[,.;:?!]|\Z|{_ABOUT} | (?:that|which|for|and) ",
}
_CONTEXTS = [
    (re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)) for before, after in _BEFORE_AND_AFTER.items()
]


class PublicationDays(NamedTuple):
    """Days that a question asks for, either of which may be open, and the question without them."""

    first: date | None
    last: date | None
    question: str

    def __str__(self) -> str:
        bounds = ("on or after", self.first), ("on or before", self.last)
        return " and ".join(f"{word} {day.isoformat()}" for word, day in bounds if day)


def find_publication_days(question: str, today: date) -> PublicationDays | None:
    """Return the days of publication that a question asks for; None if it is not sure that it asks for any."""
    text = " ".join(question.split())
    found = [*_WHOSE.finditer(text), *_FROM.finditer(text)]
    if len(found) != 1 or any(quote in text[: found[0].start()] for quote in '"“„«'):
        return None
    (mention,) = found
    is_whose = mention.re is _WHOSE
    when = _period(text, mention.start("when") if is_whose else mention.end(), today)
    if when is None:
        return None
    (first, last), end = when
    before, after = text[: mention.start()], text[mention.end() if is_whose else end :]
    words = before.split()
    while words and words[-1].lower() in _DETERMINERS:
        words.pop()
    opening = "according to" if " ".join(words[-2:]).lower() in _ACCORDING_TO else " ".join(words)
    if not any(start.fullmatch(opening) and rest.match(after) for start, rest in _CONTEXTS):
        return None
    bound = "" if is_whose else (mention["bound"] or "").lower()
    return PublicationDays(
        {"after": last + timedelta(1), "before": None}.get(bound, first),
        {"since": None, "after": None, "before": first - timedelta(1)}.get(bound, last),
        before + mention["articles"] + after,
    )


def _period(text: str, start: int, today: date) -> tuple[tuple[date, date], int] | None:
    """Return the first and the last day of what is named at an offset, and where the name ends."""
    try:
        if named := DATE.match(text, start):
            year, month, day = next(dates(named[0]))
            return (_days(year, month, day), named.end()) if year and 1900 <= year <= 2100 else None
        if when := _WHEN.match(text, start):
            if when["year"]:
                year = int(when["year"])
                return (date(year, 1, 1), date(year, 12, 31)), when.end()
            if when["unit"]:
                return (_earlier(today, int(when["number"] or 1), when["unit"].lower()), today), when.end()
            return _relative(when["relative"].lower(), today), when.end()
    except (ValueError, StopIteration):  # no such day
        pass
    return None


def _days(year: int, month: int, day: int | None = None) -> tuple[date, date]:
    return date(year, month, day or 1), date(year, month, day or monthrange(year, month)[1])


def _earlier(day: date, number: int, unit: str) -> date:
    """Return the day so many units before another."""
    if unit in {"day", "week"}:
        return day - timedelta(number * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1), 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _relative(name: str, today: date) -> tuple[date, date]:
    if name in {"today", "yesterday"}:
        day = today - timedelta(name == "yesterday")
        return day, day
    which, unit = name.split()
    day = _earlier(today, which == "last", unit)
    if unit == "week":
        monday = day - timedelta(day.weekday())
        return monday, monday + timedelta(6)
    return _days(day.year, day.month) if unit == "month" else (date(day.year, 1, 1), date(day.year, 12, 31))
