"""Noun phrases of a question, found by its function words, which are enough to repeat what it was about."""

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.conversation.names import ROLES, names

DO = r"do|does|did|will|would|can|could|shall|should|may|might|must"
BE = r"is|are|was|were|am|be|been|being"
HAVE = r"has|have|had"
AUXILIARY = rf"(?:{DO}|{BE}|{HAVE})"
WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_PREPOSITION = r"(?:of|in|at|on|for|with|between|near)"  # prepositions that may continue a noun phrase
_PHRASE_ENDS = (
    rf"(?:{AUXILIARY}|{WH}|{_PREPOSITION}|to|by|from|about|before|after|during|since|until|against|over|under|into|through|"
    r"as|than|like|and|or|but|if|because|while|that|he|she|it|they|him|her|his|its|their|them|i|you|we|there|this|"
    r"these|those|not|a|an|the|last|next|yesterday|today)"
)
_WORD = rf"(?!(?:{_PHRASE_ENDS})\b)[/.&’'-]*\w+(?:[/.&’'-]+\w+)*+(?:['’](?=\s))?"
NOUN = rf"{_WORD}(?:\s+{_WORD})*"
_PHRASE = re.compile(
    rf"\b(?P<det>the|an?|(?P<wh>which|what|whose|how many|how much))\s+(?P<noun>{NOUN})"
    rf"(?P<tail>(?:\s+{_PREPOSITION}\s+(?:the\s+|an?\s+)?{NOUN})*)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(rf"(?P<noun>[A-Z][\w-]{{0,40}}(?:['’]s|s['’])\s+{_WORD}(?:\s+{_WORD}){{0,2}})")
_INVERSION = re.compile(rf"\b(?:{DO}|{HAVE})\s+$", re.IGNORECASE)
_AUXILIARY_NEXT = re.compile(rf"\A\s+{AUXILIARY}\b", re.IGNORECASE)
_NOT_A_NOUN = re.compile(r"\A(?:else|happen|made|led|took|\w+ed)\b", re.IGNORECASE)  # "what happened", "what caused"
_QUESTION_START = re.compile(rf"\A(?:{WH}\b\s*)?(?:{AUXILIARY}\b\s*)?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SINGULAR_S = re.compile(r"(?:ss|us|is|news|headquarters|series)$", re.IGNORECASE)


class Phrase(NamedTuple):
    """A noun phrase of a question, in a form in which it can be repeated.

    ``text`` has the definite article, ``head`` is the head noun, ``start`` and ``end`` are offsets into the question,
    and ``asked`` is true if the question asks for it ("which bridge").
    """

    text: str
    head: str
    start: int
    end: int
    asked: bool = False

    @property
    def is_plural(self) -> bool:
        """True if its head looks like a plural."""
        return (self.head.endswith("s") and not _SINGULAR_S.search(self.head)) or self.head in {"people", "children"}

    @property
    def is_person(self) -> bool:
        """True if its head is the role or title of a person."""
        return self.head.lower() in ROLES

    @property
    def has_name(self) -> bool:
        """True if it contains a name, so that it is understood outside the conversation too."""
        return bool(names(f"about {self.text}"))


@lru_cache(maxsize=512)
def phrases(question: str) -> tuple[Phrase, ...]:
    """Return the noun phrases that begin with an article, a possessive name or a question word, in order."""
    found: list[Phrase] = []
    for match in _PHRASE.finditer(question):
        noun, tail, start = match["noun"], match["tail"], match.start("noun")
        if match["wh"]:
            tail = ""
            if not _AUXILIARY_NEXT.match(question[match.end("noun") :]):
                noun, _ = _without_verb(noun, "")
        elif _INVERSION.search(question[: match.start()]):
            noun, tail = _without_verb(noun, tail)
        if noun and not (match["wh"] and _NOT_A_NOUN.match(noun)):
            end = start + len(noun + tail)
            found.append(Phrase(f"the {noun}{tail}", head(noun), match.start(), end, bool(match["wh"])))
    for match in _POSSESSIVE.finditer(question):
        if not any(phrase.start <= match.start() < phrase.end for phrase in found):
            found.append(Phrase(match["noun"], head(match["noun"]), *match.span()))
    return tuple(sorted(found, key=lambda phrase: phrase.start))


def proposition(question: str) -> str:
    """Return a question without parentheses, question word, auxiliary and question mark."""
    start, end = question.find("("), question.rfind(")")
    plain = question[:start].rstrip() + question[end + 1 :] if 0 <= start < end else question
    return _QUESTION_START.sub("", plain.strip().rstrip("?.! "))


def _without_verb(noun: str, tail: str) -> tuple[str, str]:
    """Return noun and tail without their last word, which is the verb of the subject, unless it is a name or number."""
    whole = noun + tail
    rest, _, last = whole.rpartition(" ")
    if last[:1].isupper() or last[:1].isdigit():
        return noun, tail
    return (rest, "") if not tail else (noun, rest[len(noun) :])


def head(noun: str) -> str:
    """Return the head noun: the last word without a digit, because a code or number may follow the noun."""
    words = noun.split()
    return next((word for word in reversed(words) if not _DIGIT.search(word)), words[-1]).strip("'’")
