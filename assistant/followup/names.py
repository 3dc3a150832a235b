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
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"]\s*|\n\s*)$")

_NEAR = 80  # characters around a name that tell what it names


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
_TITLE = re.compile(r"([\w-]+)[.,]?\s+(?:of\s+State\s+)?$")
_APPOSITION = re.compile(r"\s*,\s+[^,.;]*?\b([a-z-]+)(?=\s*[,.;]|\s+(?:of|at|in|for)\b)")
_SPEAKS = re.compile(r"\s*,?\s*(?:said|says|told|tells|added|replied|who|thinks|wrote|called)\b|\s*,\s+(?:an?|\d+,)\s")
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
    def is_person(self) -> bool:
        """Whether it is likely a person's."""
        return self.person > 0


@lru_cache(maxsize=512)
def names(text: str) -> tuple[Name, ...]:
    """The names in a text in their order. A title before a name is no part of it; weekdays and months are no names."""
    found = []
    for run in _RUN.finditer(text):
        words = list(_WORD.finditer(run.group()))
        while words and words[0].group().lower() in _NEVER:
            del words[0]
        while words and words[-1].group().lower() in {*_NEVER, "of"}:
            del words[-1]
        roles = [i for i, word in enumerate(words) if word.group().rstrip(".").lower() in ROLES]
        if roles and roles[-1] + 1 < len(words):
            if roles[-1] > 0 and (before := words[: roles[0]]):
                found.append(_name(text, run.start() + before[0].start(), run.start() + before[-1].end()))
            words = words[roles[-1] + 1 :]
            if words[0].group() == "of":  # Secretary of State John Kerry
                words = words[2:]
        if words and not all(word.group().rstrip(".").lower() in ROLES for word in words):
            found.append(_name(text, run.start() + words[0].start(), run.start() + words[-1].end()))
    return tuple(name for name in found if not _merely_begins_a_sentence(text, name))


def _merely_begins_a_sentence(text: str, name: Name) -> bool:
    """One capital at the start of a sentence, and never inside one: most likely a word like any other."""
    before, after = text[max(0, name.start - _NEAR) : name.start], text[name.end : name.end + _NEAR]
    if len(name.text.split()) > 1 or name.person > 1 or not _SENTENCE_START.search(before):
        return False
    inside = re.search(rf"\w[,;]?\s+{re.escape(name.text)}\b", text)
    return not (inside or re.match(r"['’]s|\s+and\s+[A-Z]", after) or re.search(r"[A-Z0-9]", name.text[1:]))


def _name(text: str, start: int, end: int) -> Name:
    name, before, after = text[start:end], text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    title = _TITLE.search(before)
    titles = [title.group(1).lower()] if title else []
    apposition = _APPOSITION.match(after)
    titles += [apposition.group(1).lower()] if apposition else []
    words = len(name.split())
    person = (
        3.0 * any(role in ROLES for role in titles)
        + 2.0 * bool(_SPEAKS.match(after) or _SPOKEN.search(before))
        + (1.0 if words in (2, 3) else 0.5)
        - 3.0 * bool(_NO_PERSON.search(name) or _NATION.search(name))
        - 2.0 * bool(_PLACED.search(before) and not any(role in ROLES for role in titles))
    )
    return Name(name, start, end, person, next((_GENDERS[role] for role in titles if role in _GENDERS), None))


def longest_form(name: str, among: Iterable[Name]) -> str:
    """The fullest of the names that end with this one: John Kerry for Kerry."""
    fuller = [other.text for other in among if other.text.split()[-1:] == name.split()[-1:] and name in other.text]
    return " ".join(max([name, *fuller], key=len).split())
