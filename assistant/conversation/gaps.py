"""What a question leaves open: pronouns, demonstratives and descriptions that nothing in the question explains."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from assistant.conversation.names import before, names
from assistant.conversation.phrases import AUXILIARY, DO, NOUN, Phrase, head, phrases
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

Kind = Literal["he", "she", "it", "they", "there", "that", "the"]

PRONOUNS: dict[str, Kind] = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("it", "its"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "they"),
    "there": "there",
    **dict.fromkeys(("this", "that", "these", "those"), "that"),
}
_PRONOUN = re.compile(rf"\b(?:{'|'.join(PRONOUNS)})\b", re.IGNORECASE)
_OWNERS = frozenset({"his", "her", "its", "their"})
# Where *it* is empty: "is it true that", "how long does it take to", "it is time to", "was it Kerry who".
_EMPTY_IT = re.compile(
    r"\A\s++(?:(?:is|was|be|has\s++been)\s++)?"
    r"(?:(?!want|need|plan|try|have|say|use|hope)\w++\s++(?:that|whether|if|to|when|how|who|why|what|where)\b|"
    r"takes?\b|took\b|(?!\w+(?:ing|ed)\b)[\w’' -]+?\s(?:that|who)\s)"
)
_SAYS = r"(?:say|says|said|think|thinks|believe|claim|hope|promise|expect|announce|admit|deny|warn)"
_AFTER_AUXILIARY = re.compile(rf"\b{AUXILIARY}\s+$", re.IGNORECASE)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|in|at|on|to|by|before|after|about|since|from|with|for|like)\s+$", re.IGNORECASE
)
_TIME = re.compile(r"\A\s+(?:year|month|week|day|morning|evening|night|summer|winter|spring|autumn|time|season)s?\b")
_DETERMINES = re.compile(rf"\A\s++(?P<noun>{NOUN})", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(rf"\A(?:\s*+(?:$|[?.!,])|\s++(?!{NOUN}))", re.IGNORECASE)  # nothing that *her* could own
_WORD_NEXT = re.compile(r"\A\s+\w")
_AUXILIARY_NEXT = re.compile(rf"\A\s+{AUXILIARY}\b")
_BOUNDARY = re.compile(
    r"[,;:]|\b(?:and|or|but|that|whether|if|when|while|before|after|because|since|who|which|whom|where|how|why|what|as|"
    rf"until|than|{_SAYS}(?=\s+$))\b",
    re.IGNORECASE,
)
_ASKED_OF_ANOTHER = re.compile(rf"\A\s+(?:{DO})\b", re.IGNORECASE)  # "which filter does …": not what *it* means
_INVERTED = re.compile(rf"\b(?:{DO}|has|have|had)\s+(?:the\s+)?$", re.IGNORECASE)  # what follows is the subject
_PLACED = re.compile(r"\b(?:in|at|near|on)\s+(?:the\s+)?$", re.IGNORECASE)
_CALLED = re.compile(r"(?:man|woman|er|or|ist|ant|boy|girl)$")
_PLURAL = re.compile(r"\b(?:[a-z]{2,}[^siu\W]s|people|\w+\s+and\s+[A-Z]\w+)\b")


class Gap(NamedTuple):
    """Words of a question that mean something said before; a description has the ``noun`` that it calls it by."""

    start: int
    end: int
    kind: Kind
    noun: str = ""
    owns: bool = False


def gaps(question: str, said: Sequence[str]) -> list[Gap]:
    """The gaps in their order, one of a kind. ``said`` is what was said before: nothing else can be described again."""
    found = {gap.kind: gap for match in reversed([*_PRONOUN.finditer(question)]) for gap in _gap(question, match)}
    if "the" not in found and not names_again(question, said):
        known = frozenset[str]().union(*map(_words, said))
        for phrase in reversed(phrases(question)):
            if phrase.text.startswith("the ") and not phrase.asked and known.issuperset(terms(phrase.head)):
                found["the"] = Gap(phrase.start, phrase.end, "the", phrase.head)
    return sorted(found.values())


def names_again(question: str, said: Sequence[str]) -> bool:
    """Whether a name stands in the question, also one that was said before and is written small here."""
    if names(f"so {question}"):
        return True
    own = frozenset(terms(question)) - STOP_WORDS
    return not all(own.isdisjoint(_words_of_names(text)) for text in said)


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=512)
def _words_of_names(text: str) -> frozenset[str]:
    return frozenset(terms(" ".join({name.text for name in names(text)})))


def _gap(question: str, match: re.Match[str]) -> Iterator[Gap]:
    word, start, end = match.group().lower(), match.start(), match.end()
    kind, left, rest = PRONOUNS[word], before(question, start), question[end:]
    if kind == "that":
        points = word != "that" or _AFTER_PREPOSITION.search(left) or _AFTER_AUXILIARY.search(left)
        if _TIME.match(rest) or not (points or not rest.strip(" ?.!")):
            return
        if noun := _DETERMINES.match(rest):
            yield Gap(start, end + noun.end(), "the", head(noun["noun"]))
        elif not (_AFTER_AUXILIARY.search(left) and _is_bound(question, start, "it", owns=False)):
            yield Gap(start, end, "that")
    elif kind == "there":
        exists = _AFTER_AUXILIARY.search(left) or _AUXILIARY_NEXT.match(rest)
        if not exists and not _is_bound(question, start, "there", owns=False):
            yield Gap(start, end, "there")
    elif not (word == "it" and _EMPTY_IT.match(rest)):
        owns = word in _OWNERS and bool(_WORD_NEXT.match(rest)) and not (word == "her" and _ENDS_CLAUSE.match(rest))
        if not _is_bound(question, start, kind, owns=owns):
            yield Gap(start, end, kind, owns=owns)


def _is_bound(question: str, start: int, kind: Kind, *, owns: bool) -> bool:
    """Whether the question itself says who or what is meant: it is named before, in an earlier clause or as owner.

    Or it is asked of itself: "what share of its fleet did Boeing sell?".
    """
    asked = (
        owns
        and kind == "it"
        and any(
            name.start > start and name.person <= 1 and _INVERTED.search(before(question, name.start))
            for name in names(question)
        )
    )
    end = min(_candidates(question, start, kind), default=None)
    return asked or (end is not None and (owns or bool(_BOUNDARY.search(question[end:start]))))


def _candidates(question: str, start: int, kind: Kind) -> Iterator[int]:
    """Where the first name, the first noun phrase and the first plural end that may be meant."""
    yield from islice(_names_before(question, start, kind), 1)
    yield from islice(_phrases_before(question, start, kind), 1)
    plural = _PLURAL.search(question, 0, start) if kind == "they" else None
    if plural:
        yield plural.end()


def _names_before(question: str, start: int, kind: Kind) -> Iterator[int]:
    for name in names(question):
        far = kind in {"he", "she"} and (name.person < -1 or _PLACED.search(before(question, name.start)))
        if name.end <= start and not far:
            yield name.end


def _phrases_before(question: str, start: int, kind: Kind) -> Iterator[int]:
    for phrase in phrases(question):
        if (
            phrase.end <= start
            and not (phrase.asked and _ASKED_OF_ANOTHER.match(question[phrase.end :]))
            and _fits(phrase, kind)
        ):
            yield phrase.end


def _fits(phrase: Phrase, kind: Kind) -> bool:
    if kind in {"he", "she"}:
        return not phrase.is_plural and (phrase.is_person or bool(_CALLED.search(phrase.head)))
    return phrase.is_plural == (kind == "they")
