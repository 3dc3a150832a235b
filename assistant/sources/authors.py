"""Names of authors, as documents and pages give them."""

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[;\n&]|\s(?:and|und|et|y)\s")
_BY = re.compile(
    r"(?:(?:(?:written|posted|edited|text|analysis|story)\s+)?by|(?:article|artikel|beitrag|text)\s+(?:by|von|par)|"
    r"author|autor(?:in)?|auteur|责任编辑|作者|name|analysis|текст)[:\uff1a\s]+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:(?:wordpress)?admin(?:istrator)?|user(?:name)?|author|unknown|anonymous|owner|root|editor|none|null|name|posted|"
    r"human|webmaster|https?:.*)?",
    re.IGNORECASE,
)
_MAX_NAME = 100  # characters
# What pages write beside the name of an author, or instead of it.
_JOB = re.compile(r"(?:writer|reporter|editor)s?|correspondent|columnist|contributor|analyst|journalist|producer")
_EMPLOYER = re.compile(
    r"press|news|media|magazine|business|insider|today|agency|bureau|times|post|wire|services?|staff|reuters|ap|afp|cnn"
)
_DAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|published|updated"
)
_AGENCY = re.compile(r"(?<=\w) (?:Associated Press|Reuters|AFP)\Z", re.IGNORECASE)
_MAX_DEGREE = 4  # letters: "RDN"


def split_authors(*values: str) -> tuple[str, ...]:
    """Return the names in one or more fields, each once, in order.

    Names are separated by semicolons, line ends, "and" or "&"; by commas only if each part has two words, because
    "Lovelace, Ada" is one name.
    """
    names = [name for value in values for part in _BETWEEN.split(value) for name in _by_commas(part)]
    return tuple(dict.fromkeys(filter(None, map(_clean, names))))


def people(names: Iterable[str], site: str = "") -> tuple[str, ...]:
    """Return the names that are of people, without the job, the employer, the degrees and the day that follow them.

    Args:
        names: the names, each once.
        site: the name of the site, which is nobody's.
    """
    cut = (_without_site(without_day(name), site) for name in names)
    return tuple(
        _without_job(name) for name in cut if name and not _is_no_person(name) and _letters(name) != _letters(site)
    )


def without_day(name: str) -> str:
    """Return a name without the days and months that end it: "Ann Lee Monday"."""
    words = name.split()
    while words and _DAY.fullmatch(words[-1].strip(",.").casefold()):
        words.pop()
    return " ".join(words)


def _without_site(name: str, site: str) -> str:
    """Return a name of two words or more without the site or the agency that follows it."""
    head, comma, _ = name.partition(",")
    name = head if comma and " " in head else name
    shorter = (name.removesuffix(site) if site else _AGENCY.sub("", name)).rstrip(" .|-")
    shorter = _AGENCY.sub("", shorter)
    return shorter if " " in shorter else name


def _without_job(name: str) -> str:
    """Return a name without what follows its first two words: "Ann Lee is a reporter", "Ann Lee News reporter"."""
    words = name.split()
    ends = (i for i, word in enumerate(words) if i > 1 and (word == "is" or _is_part_of_job(word)))
    return " ".join(words[: next(ends, len(words))])


def _is_no_person(name: str) -> bool:
    """True of a job, an employer or a degree alone: "Staff writer", "AP Sports Writer", "NJ Advance Media", "RDN"."""
    words = re.split("[ -]", name)
    is_degree = name.isascii() and name.isupper() and len(words) == 1 and len(name) <= _MAX_DEGREE
    return is_degree or any(map(_is_part_of_job, words[:2])) or bool(_EMPLOYER.fullmatch(words[-1].casefold()))


def _is_part_of_job(word: str) -> bool:
    return bool(_JOB.fullmatch(word.casefold()) or _EMPLOYER.fullmatch(word.casefold()))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _by_commas(part: str) -> Iterable[str]:
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    return pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]


def _clean(name: str) -> str:
    name = " ".join(_BY.sub("", name.strip(), count=1).split()).strip(",;")
    return "" if _NO_NAME.fullmatch(name) or len(name) > _MAX_NAME else name
