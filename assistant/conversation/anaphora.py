"""Anaphors of a question: pronouns, demonstratives and descriptions that refer to something outside the question."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from assistant.conversation.names import names, text_before
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
_POSSESSIVES = frozenset({"his", "her", "its", "their"})
# After an expletive *it*, which refers to nothing: "is it true that", "how long does it take to", "was it Kerry who".
_EXPLETIVE_IT = re.compile(
    r"\A\s++(?:(?:is|was|be|has\s++been)\s++)?"
    r"(?:(?!want|need|plan|try|have|say|use|hope)\w++\s++(?:that|whether|if|to|when|how|who|why|what|where)\b|"
    r"takes?\b|took\b|(?!\w+(?:ing|ed)\b)[\w’' -]+?\s(?:that|who)\s)"
)
_SPEECH_VERB = r"(?:say|says|said|think|thinks|believe|claim|hope|promise|expect|announce|admit|deny|warn)"
_AFTER_AUXILIARY = re.compile(rf"\b{AUXILIARY}\s+$", re.IGNORECASE)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|in|at|on|to|by|before|after|about|since|from|with|for|like)\s+$", re.IGNORECASE
)
_TIME_NOUN = re.compile(
    r"\A\s+(?:year|month|week|day|morning|evening|night|summer|winter|spring|autumn|time|season)s?\b"
)
_NOUN_NEXT = re.compile(rf"\A\s++(?P<noun>{NOUN})", re.IGNORECASE)
_CLAUSE_END = re.compile(rf"\A(?:\s*+(?:$|[?.!,])|\s++(?!{NOUN}))", re.IGNORECASE)  # *her* is no possessive
_WORD_NEXT = re.compile(r"\A\s+\w")
_AUXILIARY_NEXT = re.compile(rf"\A\s+{AUXILIARY}\b")
_CLAUSE_BOUNDARY = re.compile(
    r"[,;:]|\b(?:and|or|but|that|whether|if|when|while|before|after|because|since|who|which|whom|where|how|why|what|as|"
    rf"until|than|{_SPEECH_VERB}(?=\s+$))\b",
    re.IGNORECASE,
)
_DO_NEXT = re.compile(rf"\A\s+(?:{DO})\b", re.IGNORECASE)  # "which filter does …": the filter is not what *it* means
_INVERSION = re.compile(rf"\b(?:{DO}|has|have|had)\s+(?:the\s+)?$", re.IGNORECASE)  # the subject follows
_PLACE_PREPOSITION = re.compile(r"\b(?:in|at|near|on)\s+(?:the\s+)?$", re.IGNORECASE)
_PERSON_NOUN = re.compile(r"(?:man|woman|er|or|ist|ant|boy|girl)$")
_PLURAL = re.compile(r"\b(?:[a-z]{2,}[^siu\W]s|people|\w+\s+and\s+[A-Z]\w+)\b")


class Anaphor(NamedTuple):
    """Words of a question that refer to something said before.

    ``start`` and ``end`` are offsets into the question. A description ("the mayor") has its head ``noun``.
    """

    start: int
    end: int
    kind: Kind
    noun: str = ""
    is_possessive: bool = False


def find_anaphors(question: str, earlier: Sequence[str]) -> list[Anaphor]:
    """Return the anaphors of a question in order, the first of each kind.

    Args:
        question: the question.
        earlier: the texts of the conversation, to one of which a description must refer.
    """
    pronouns = reversed([*_PRONOUN.finditer(question)])
    anaphors = {anaphor.kind: anaphor for match in pronouns for anaphor in _anaphors(question, match)}
    if "the" not in anaphors and not mentions_name(question, earlier):
        known = frozenset[str]().union(*map(_text_terms, earlier))
        for phrase in reversed(phrases(question)):
            if phrase.text.startswith("the ") and not phrase.asked and known.issuperset(terms(phrase.head)):
                anaphors["the"] = Anaphor(phrase.start, phrase.end, "the", phrase.head)
    return sorted(anaphors.values())


def mentions_name(question: str, earlier: Sequence[str]) -> bool:
    """True if the question has a name, also one of the earlier texts that is written in lower case here."""
    if names(f"so {question}"):
        return True
    content = frozenset(terms(question)) - STOP_WORDS
    return not all(content.isdisjoint(_name_terms(text)) for text in earlier)


@lru_cache(maxsize=512)
def _text_terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=512)
def _name_terms(text: str) -> frozenset[str]:
    return frozenset(terms(" ".join({name.text for name in names(text)})))


def _anaphors(question: str, match: re.Match[str]) -> Iterator[Anaphor]:
    """Yield the anaphor of a pronoun, if it is one."""
    word, start, end = match.group().lower(), match.start(), match.end()
    kind, before, after = PRONOUNS[word], text_before(question, start), question[end:]
    if kind == "that":
        is_pronoun = word != "that" or _AFTER_PREPOSITION.search(before) or _AFTER_AUXILIARY.search(before)
        if _TIME_NOUN.match(after) or not (is_pronoun or not after.strip(" ?.!")):
            return
        if noun := _NOUN_NEXT.match(after):
            yield Anaphor(start, end + noun.end(), "the", head(noun["noun"]))
        elif not (_AFTER_AUXILIARY.search(before) and _is_bound(question, start, "it", is_possessive=False)):
            yield Anaphor(start, end, "that")
    elif kind == "there":
        is_existential = _AFTER_AUXILIARY.search(before) or _AUXILIARY_NEXT.match(after)
        if not is_existential and not _is_bound(question, start, "there", is_possessive=False):
            yield Anaphor(start, end, "there")
    elif not (word == "it" and _EXPLETIVE_IT.match(after)):
        is_object = word == "her" and _CLAUSE_END.match(after)
        is_possessive = word in _POSSESSIVES and bool(_WORD_NEXT.match(after)) and not is_object
        if not _is_bound(question, start, kind, is_possessive=is_possessive):
            yield Anaphor(start, end, kind, is_possessive=is_possessive)


def _is_bound(question: str, start: int, kind: Kind, *, is_possessive: bool) -> bool:
    """True if the question itself has the antecedent.

    It stands before the pronoun, in an earlier clause or as the possessor, or after it as the subject: "what share of
    its fleet did Boeing sell?".
    """
    has_subject = (
        is_possessive
        and kind == "it"
        and any(
            name.start > start and name.person <= 1 and _INVERSION.search(text_before(question, name.start))
            for name in names(question)
        )
    )
    end = min(_candidate_ends(question, start, kind), default=None)
    return has_subject or (end is not None and (is_possessive or bool(_CLAUSE_BOUNDARY.search(question[end:start]))))


def _candidate_ends(question: str, start: int, kind: Kind) -> Iterator[int]:
    """Yield where the first name, noun phrase and plural end that may be the antecedent of a pronoun after them."""
    yield from islice(_names_before(question, start, kind), 1)
    yield from islice(_phrases_before(question, start, kind), 1)
    plural = _PLURAL.search(question, 0, start) if kind == "they" else None
    if plural:
        yield plural.end()


def _names_before(question: str, start: int, kind: Kind) -> Iterator[int]:
    for name in names(question):
        is_place = name.person < -1 or _PLACE_PREPOSITION.search(text_before(question, name.start))
        if name.end <= start and not (kind in {"he", "she"} and is_place):
            yield name.end


def _phrases_before(question: str, start: int, kind: Kind) -> Iterator[int]:
    for phrase in phrases(question):
        if (
            phrase.end <= start
            and not (phrase.asked and _DO_NEXT.match(question[phrase.end :]))
            and _agrees(phrase, kind)
        ):
            yield phrase.end


def _agrees(phrase: Phrase, kind: Kind) -> bool:
    """True if a noun phrase agrees with a pronoun in number and person."""
    if kind in {"he", "she"}:
        return not phrase.is_plural and (phrase.is_person or bool(_PERSON_NOUN.search(phrase.head)))
    return phrase.is_plural == (kind == "they")
