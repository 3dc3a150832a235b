"""Open pronouns of a question: those that mean something that was said before it, not in it."""

import re
from typing import NamedTuple

from assistant.conversation.function_words import (
    AUXILIARY,
    DEMONSTRATIVE,
    DO,
    PERSON,
    PERSON_AS_OBJECT,
    REFERRING,
    THING,
    THING_AS_OBJECT,
    WH,
)
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

PERSONAL = tuple(f"{PERSON}|{PERSON_AS_OBJECT}".split("|"))
PRONOUNS = tuple(f"{REFERRING}|{PERSON_AS_OBJECT}|{THING_AS_OBJECT}|there".split("|"))
_PRONOUN = re.compile(
    rf"\b(?:(?P<of>his|her(?= \w)|its|their)|{PERSON}|{PERSON_AS_OBJECT}|{THING}|{THING_AS_OBJECT}|there|"
    rf"(?:{DEMONSTRATIVE}|that)(?=\W*\Z))\b",  # "who said that?"; elsewhere "that" is mostly a conjunction
    re.IGNORECASE,
)
_QUOTATION = re.compile(r'["“„][^"“”„]*+["“”]')
# After an *it* that means nothing: "is it true that", "how long does it take to", "was it Kerry who", "it is snowing".
_AFTER_EMPTY_IT = re.compile(
    r"\A\s++(?:(?:is|was|be|has\s++been)\s++)?(?:(?:ever|still|too)\s++)?"
    r"(?:(?!want|need|plan|try|have|say|use|hope)\w++\s++(?:that|whether|if|to|when|how|who|why|what|where)\b|"
    r"that\b|(?:takes?|took)\s++\w|rain|snow|(?:noon|midnight|warm|cold|hot|dark|late|early)|\w++\s++for\s[^?]*\sto\s|"
    r"(?!\w+(?:ing|ed)\b)[\w’' -]+?\s(?:that|who)\s)"
)
_VERB_BEFORE = re.compile(rf"\b(?:{DO}|is|are|was|were|been?)\s+\Z", re.IGNORECASE)
_VERB_AFTER = re.compile(rf"\A\s+{AUXILIARY}\b", re.IGNORECASE)
_LINK = r"(?:and|or|but|that|whether|if|when|while|before|after|because|since|who|which|as|until|than|without)"
# What is asked for, or the verb after "who": neither can be what a pronoun means. "How many seats did", "who won".
_ASKED = re.compile(
    rf"\A(?:(?:\w+\s+){{0,2}}?{WH}\b(?:\s+(?!(?:{AUXILIARY}|{_LINK})\b)[\w’'-]+)*+\s+)?{AUXILIARY}\b|"
    r"\A(?:\w+\s+)?(?:who|what)\s+\w+",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?<!\s)\s++(?:[Tt]he\s|[Aa]n?\s|[A-Z])")
_CLAUSE = re.compile(
    rf"[,;:]|\b(?:{_LINK}|{WH}|(?:say|says|said|think|thinks|believe|hope|expect)(?=\s+\Z))\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w’'-]+")
_NO_NOUNS = STOP_WORDS.union(
    terms(" ".join(("say said think believe hope expect happen want try tell me much many", *PRONOUNS)))
)


class Pronoun(NamedTuple):
    """A pronoun in a question, at its offsets."""

    word: str
    start: int
    end: int
    is_possessive: bool


def open_pronouns(question: str) -> list[Pronoun]:
    """Return the pronouns of a question of which it does not say itself what they mean."""
    text = _QUOTATION.sub(lambda quoted: "q" * len(quoted.group()), question)
    asked = _ASKED.match(text)
    found = [Pronoun(one.group().lower(), *one.span(), bool(one["of"])) for one in _PRONOUN.finditer(text)]
    return [one for one in found if not (_is_empty(text, one) or _is_bound(text, one, asked.end() if asked else 0))]


def _is_empty(text: str, pronoun: Pronoun) -> bool:
    """True if a pronoun means nothing, as in "is it true that" and "is there a ferry"."""
    before, after = text[: pronoun.start], text[pronoun.end :]
    if pronoun.word == "there":
        return bool(_VERB_BEFORE.search(before) or _VERB_AFTER.match(after))
    return pronoun.word == "it" and bool(_AFTER_EMPTY_IT.match(after))


def _is_bound(text: str, pronoun: Pronoun, clause: int) -> bool:
    """True if a pronoun may mean something in the question itself.

    That stands in an earlier clause, or anywhere before a possessive ("do trees share sugar with their neighbours?"),
    or is the subject after it ("what share of its fleet did Boeing sell?").
    """
    if pronoun.start < clause:
        return pronoun.is_possessive and bool(_SUBJECT.match(text, clause))
    words = _WORD.finditer(text, clause, pronoun.start)
    noun = next((word.end() for word in words if not _NO_NOUNS.issuperset(terms(word.group()))), None)
    return noun is not None and (pronoun.is_possessive or bool(_CLAUSE.search(text, noun, pronoun.start)))
