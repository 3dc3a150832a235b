"""Names and codes in a text, found by their letters, and how likely each is a person's.

No tagger: those that are light are not kept, and those that are kept bring models of their own. Capitals, titles and
the verbs of speech around a name carry far enough in news, and can be read on one screen.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

Gender = Literal["she", "he"]

_CAPITAL = r"(?:[A-Z]\w{0,3}\.(?=\s[A-Z])|[A-Z]\w*(?:[-.&/’'](?!s\b)\w+)*)"
_ONE_OWNED = rf"['’]s\s+{_CAPITAL}(?!\w|\s+[A-Z])"  # Reye's Syndrome, yet not South Africa's Environment Minister …
_JOINT = r"\s+(?:of\s+(?:the\s+)?|al-)?"
_CODE = r"\d+/\d+|(?!(?:1[89]|20)\d\d\b)\d{4,}"
_RUN = re.compile(rf"(?<![\w-]){_CAPITAL}(?:{_JOINT}(?:{_CAPITAL}|[\d/]*\d))*(?:{_ONE_OWNED})?|\b(?:{_CODE})\b")
_WORD = re.compile(r"[\w.&/’'-]+")
_GOES_ON = re.compile(r"\w[,;]?\s+$")  # a sentence, up to what follows
_IS_NAMED = re.compile(r"\A(?:['’]s|\s+and\s+[A-Z])")
_CODED = re.compile(r"[A-Z0-9]")

MOST = 100  # names that are read of one text: an answer is a few sentences, and what it is about stands in front
NEAR = 80  # characters around a name that tell what it names
_ENDS = 5  # last words of a name by which it may be called


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ROLES = _words(
    "actor actress adviser ambassador analyst archbishop artist author banker bishop boss captain chairman chairwoman "
    "chancellor chief coach colonel commander counterpart diplomat director doctor dr economist editor envoy executive "
    "financier founder general governor governor-general head inspector judge king lady lawyer leader lord manager "
    "mayor minister miss mr mrs ms negotiator officer official pope premier president prince princess prof professor "
    "queen researcher scientist secretary senator sheriff sir speaker spokesman spokesperson spokeswoman teacher "
    "vice-premier vice-president widow wife husband writer"
)
_GENDERS: dict[str, Gender] = {
    **dict.fromkeys(_words("actress chairwoman lady miss mrs ms princess queen spokeswoman widow wife"), "she"),
    **dict.fromkeys(_words("chairman husband king lord mr prince sir spokesman"), "he"),
}
_TITLE = re.compile(r"(?<![\w-])([\w-]++)[.,]?\s+(?:of\s+State\s+)?$")
_APPOSITION = re.compile(r"\A\s*+,\s++[^,.;]*?(?<![\w-])([a-z-]++)(?=\s*[,.;]|\s+(?:of|at|in|for)\b)")
_SPEAKS = re.compile(
    r"\A\s*+(?:(?:,\s*+)?(?:said|says|told|tells|added|replied|who|thinks|wrote|called)\b|,\s++(?:an?|\d+,)\s)"
)
_SPOKEN = re.compile(r"\b(?:said|says?|according to)\s+$")
_PLACED = re.compile(r"\b(?:in|at|near|across|throughout|the)\s+$", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"\b(?:Academy|Agency|Airlines?|Army|Association|Bank|Board|City|Club|College|Commission|Committee|Company|"
    r"Conference|Congress|Corp|Council|Court|Department|Federation|Force|Fund|Government|Guild|House|Inc|Institute|"
    r"Islands?|Ministry|Nations|Office|Orchestra|Ordinance|Party|Press|School|Sea|Senate|Service|Society|States|"
    r"Syndrome|Times|Treaty|Union|University|War)\b|\d|^[A-Z.&]+$|\bof\b"
)
_NATION = re.compile(r"(?:ian|ean|ish|ese|ican|rab|wiss)s?$|^(?:French|Dutch|Greek|German)s?$")
_NEVER = _words(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday a about after again all also although an and another are as asked at because "
    "before both but by can could did do does during each earlier even every few first for from had has have he her "
    "here his how however i if in indeed instead into is it its just last later like many may meanwhile might more "
    "most must nevertheless no nor not now of ok okay on once one only or other our please recently shall she should "
    "since so some such tell thank thanks than that the their them then there these they this those though thus to "
    "today tomorrow under until was we were what when where whether which while who whom whose why will with would "
    "yes yesterday yet you your"
)


class Name(NamedTuple):
    """A name or a code where it stands. ``person`` is above 0 where it looks like a person's."""

    text: str
    start: int
    end: int
    person: float = 0.0
    gender: Gender | None = None

    @property
    def said(self) -> str:
        """Its words, one space between."""
        return " ".join(self.text.split())

    @property
    def is_person(self) -> bool:
        """Whether it is likely a person's."""
        return self.person > 0


@lru_cache(maxsize=512)
def names(text: str) -> tuple[Name, ...]:
    """The names in a text in their order. A title before a name is no part of it; weekdays and months are no names."""
    found: list[Name] = []
    inside: set[str] = set()  # words that stand with a capital where no sentence begins
    for run in _RUN.finditer(text):
        words = list(_WORD.finditer(run.group()))
        inside.update(word.group() for word in words[not _GOES_ON.search(before(text, run.start())) :])
        if len(found) >= MOST:
            continue
        while words and words[0].group().lower() in _NEVER:
            del words[0]
        while words and words[-1].group().lower() in {*_NEVER, "of"}:
            del words[-1]
        roles = [i for i, word in enumerate(words) if word.group().rstrip(".").lower() in ROLES]
        if roles and roles[-1] + 1 < len(words):
            if roles[-1] > 0 and (first := words[: roles[0]]):
                found.append(_name(text, run.start() + first[0].start(), run.start() + first[-1].end()))
            words = words[roles[-1] + 1 :]
            if words[0].group() == "of":  # Secretary of State John Kerry
                words = words[2:]
        if words and not all(word.group().rstrip(".").lower() in ROLES for word in words):
            found.append(_name(text, run.start() + words[0].start(), run.start() + words[-1].end()))
    return tuple(name for name in found if not (_may_begin_a_sentence(text, name) and name.text not in inside))


def before(text: str, start: int) -> str:
    """As much of the text before an offset as tells what stands there."""
    return text[max(0, start - NEAR) : start]


def _may_begin_a_sentence(text: str, name: Name) -> bool:
    """One capital at the start of a sentence: if it never has one inside of it, most likely a word like any other."""
    if len(name.text.split()) > 1 or name.person > 1 or not _begins_a_sentence(before(text, name.start)):
        return False
    return not (_IS_NAMED.match(text[name.end : name.end + NEAR]) or _CODED.search(name.text, 1))


def _begins_a_sentence(left: str) -> bool:
    """Whether what stands left of a word ends a sentence, or a line, or opens a quotation."""
    ended = left.rstrip()
    space = left[len(ended) :]
    return not ended or ended[-1] in '“"' or "\n" in space or (bool(space) and ended[-1] in ".!?:")


def _name(text: str, start: int, end: int) -> Name:
    name, left, after = text[start:end], before(text, start), text[end : end + NEAR]
    title = _TITLE.search(left)
    titles = [title.group(1).lower()] if title else []
    apposition = _APPOSITION.match(after)
    titles += [apposition.group(1).lower()] if apposition else []
    words = len(name.split())
    person = (
        3.0 * any(role in ROLES for role in titles)
        + 2.0 * bool(_SPEAKS.match(after) or _SPOKEN.search(left))
        + (1.0 if words in (2, 3) else 0.5)
        - 3.0 * bool(_NO_PERSON.search(name) or _NATION.search(name))
        - 2.0 * bool(_PLACED.search(left) and not any(role in ROLES for role in titles))
    )
    return Name(name, start, end, person, next((_GENDERS[role] for role in titles if role in _GENDERS), None))


def in_full(every: Iterable[Name]) -> dict[str, str]:
    """What each name may be called by, with the fullest name that ends so: Kerry with John Kerry."""
    full: dict[str, str] = {}
    for name in every:
        words = name.said.split()
        for first in {0, *range(max(0, len(words) - _ENDS), len(words))}:
            end = " ".join(words[first:])
            full[end] = max(full.get(end, ""), name.said, key=len)
    return full
