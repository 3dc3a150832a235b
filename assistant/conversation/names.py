"""Names and codes in a text, and how likely each is the name of a person.

This is done by written rules over capitals, titles and verbs of speech, which are enough for news. A named-entity
tagger would bring another model or a package that is no longer maintained.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_CAPITALISED = r"(?:[A-Z]\w{0,3}\.(?=\s[A-Z])|[A-Z]\w*(?:[-.&/’'](?!s\b)\w+)*)"
_POSSESSED = rf"['’]s\s+{_CAPITALISED}(?!\w|\s+[A-Z])"  # Reye's Syndrome, yet not South Africa's Environment Minister …
_CONNECTOR = r"\s+(?:of\s+(?:the\s+)?|al-)?"
_CODE = r"\d+/\d+|(?!(?:1[89]|20)\d\d\b)\d{4,}"
_RUN = re.compile(
    rf"(?<![\w-]){_CAPITALISED}(?:{_CONNECTOR}(?:{_CAPITALISED}|[\d/]*\d))*(?:{_POSSESSED})?|\b(?:{_CODE})\b"
)
_WORD = re.compile(r"[\w.&/’'-]+")
_INSIDE_SENTENCE = re.compile(r"\w[,;]?\s+$")  # the text before a word that does not start a sentence
# The text before a word that starts a sentence, a line or a quotation.
_SENTENCE_START = re.compile(r"(?:\A|[\"“]|[.!?:](?=\s)|(?<!\s)[^\S\n]*+\n)\s*+\Z")
_NAME_CONTEXT = re.compile(r"\A(?:['’]s|\s+and\s+[A-Z])")
_CODE_CHARACTER = re.compile(r"[A-Z0-9]")

MAX_NAMES = 100  # of one text; an answer is a few sentences, and its topic is named at the beginning
CERTAIN = 1.0  # score of a full name, or of any with a title or a verb of speech, as a person's
CONTEXT = 80  # characters before or after a name, enough to tell what it names
_MAX_SHORT_FORM = 5  # words of a short form of a name


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ROLES = _word_set(
    "actor actress adviser ambassador analyst archbishop artist author banker bishop boss captain chairman chairwoman "
    "chancellor chief coach colonel commander counterpart diplomat director doctor dr economist editor envoy executive "
    "financier founder general governor governor-general head inspector judge king lady lawyer leader lord manager "
    "mayor minister miss mr mrs ms negotiator officer official pope premier president prince princess prof professor "
    "queen researcher scientist secretary senator sheriff sir speaker spokesman spokesperson spokeswoman teacher "
    "vice-premier vice-president widow wife husband writer"
)
_TITLE = re.compile(r"(?<![\w-])([\w-]++)[.,]?\s+(?:of\s+State\s+)?$")
_APPOSITION = re.compile(r"\A\s*+,\s++[^,.;]*?(?<![\w-])([a-z-]++)(?=\s*[,.;]|\s+(?:of|at|in|for)\b)")
_SPEECH_AFTER = re.compile(
    r"\A\s*+(?:(?:,\s*+)?(?:said|says|told|tells|added|replied|who|thinks|wrote|called)\b|,\s++(?:an?|\d+,)\s)"
)
_SPEECH_BEFORE = re.compile(r"\b(?:said|says?|according to)\s+$")
_PLACE_PREPOSITION = re.compile(r"\b(?:in|at|near|across|throughout|the)\s+$", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:Academy|Agency|Airlines?|Army|Association|Bank|Board|City|Club|College|Commission|Committee|Company|"
    r"Conference|Congress|Corp|Council|Court|Department|Federation|Force|Fund|Government|Guild|House|Inc|Institute|"
    r"Islands?|Ministry|Nations|Office|Orchestra|Ordinance|Party|Press|School|Sea|Senate|Service|Society|States|"
    r"Syndrome|Times|Treaty|Union|University|War)\b|\d|^[A-Z.&]+$|\bof\b"
)
_NATIONALITY = re.compile(r"(?:ian|ean|ish|ese|ican|rab|wiss)s?$|^(?:French|Dutch|Greek|German)s?$")
_NEVER_NAMES = _word_set(
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
    """A name or a code in a text.

    ``start`` and ``end`` are its offsets. ``person`` is a score, which is above 0 if it looks like a person's name.
    """

    text: str
    start: int
    end: int
    person: float = 0.0

    @property
    def normalised(self) -> str:
        """Its words with single spaces between them."""
        return " ".join(self.text.split())


@lru_cache(maxsize=512)
def names(text: str) -> tuple[Name, ...]:
    """Return the names of a text in order, without the titles before them. Weekdays and months are not names."""
    found: list[Name] = []
    capitalised: set[str] = set()  # words with a capital that do not start a sentence
    for run in _RUN.finditer(text):
        words = list(_WORD.finditer(run.group()))
        starts_sentence = not _INSIDE_SENTENCE.search(text_before(text, run.start()))
        capitalised.update(word.group() for word in words[starts_sentence:])
        if len(found) >= MAX_NAMES:
            continue
        while words and words[0].group().lower() in _NEVER_NAMES:
            del words[0]
        while words and words[-1].group().lower() in {*_NEVER_NAMES, "of"}:
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
    return tuple(name for name in found if not (_may_be_common_word(text, name) and name.text not in capitalised))


def text_before(text: str, offset: int) -> str:
    """Return the context before an offset."""
    return text[max(0, offset - CONTEXT) : offset]


def _may_be_common_word(text: str, name: Name) -> bool:
    """True if a name is one word at the start of a sentence, where every word has a capital."""
    if len(name.text.split()) > 1 or name.person > 1 or not _SENTENCE_START.search(text_before(text, name.start)):
        return False
    return not (_NAME_CONTEXT.match(text[name.end : name.end + CONTEXT]) or _CODE_CHARACTER.search(name.text, 1))


def _name(text: str, start: int, end: int) -> Name:
    name, before, after = text[start:end], text_before(text, start), text[end : end + CONTEXT]
    beside = [match[1].lower() for match in (_TITLE.search(before), _APPOSITION.match(after)) if match]
    has_role = not ROLES.isdisjoint(beside)
    person = (
        3.0 * has_role
        + 2.0 * bool(_SPEECH_AFTER.match(after) or _SPEECH_BEFORE.search(before))
        + (1.0 if len(name.split()) in (2, 3) else 0.5)
        - 3.0 * bool(_ORGANISATION.search(name) or _NATIONALITY.search(name))
        - 2.0 * bool(_PLACE_PREPOSITION.search(before) and not has_role)
    )
    return Name(name, start, end, person)


def full_names(all_names: Iterable[Name]) -> dict[str, str]:
    """Map each short form of the names to the longest name that ends with it: Kerry to John Kerry."""
    full: dict[str, str] = {}
    for name in all_names:
        words = name.normalised.split()
        for first in {0, *range(max(0, len(words) - _MAX_SHORT_FORM), len(words))}:
            short = " ".join(words[first:])
            full[short] = max(full.get(short, ""), name.normalised, key=len)
    return full
