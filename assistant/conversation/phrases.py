"""Noun phrases of a question, cut at its small words: enough to say again what was talked about."""

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.conversation.names import ROLES, names

DO = r"do|does|did|will|would|can|could|shall|should|may|might|must"
BE = r"is|are|was|were|am|be|been|being"
HAVE = r"has|have|had"
AUXILIARY = rf"(?:{DO}|{BE}|{HAVE})"
WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_INSIDE = r"(?:of|in|at|on|for|with|between|near)"  # prepositions that may go on with a noun phrase
_ENDS = (
    rf"(?:{AUXILIARY}|{WH}|{_INSIDE}|to|by|from|about|before|after|during|since|until|against|over|under|into|through|"
    r"as|than|like|and|or|but|if|because|while|that|he|she|it|they|him|her|his|its|their|them|i|you|we|there|this|"
    r"these|those|not|a|an|the|last|next|yesterday|today)"
)
_WORD = rf"(?!(?:{_ENDS})\b)[/.&’'-]*\w+(?:[/.&’'-]+\w+)*+(?:['’](?=\s))?"
NOUN = rf"{_WORD}(?:\s+{_WORD})*"
_PHRASE = re.compile(
    rf"\b(?P<det>the|an?|(?P<wh>which|what|whose|how many|how much))\s+(?P<noun>{NOUN})"
    rf"(?P<tail>(?:\s+{_INSIDE}\s+(?:the\s+|an?\s+)?{NOUN})*)",
    re.IGNORECASE,
)
_OWNED = re.compile(rf"(?P<noun>[A-Z][\w-]{{0,40}}(?:['’]s|s['’])\s+{_WORD}(?:\s+{_WORD}){{0,2}})")
_INVERTS = re.compile(rf"\b(?:{DO}|{HAVE})\s+$", re.IGNORECASE)
_VERB = re.compile(rf"\A\s+{AUXILIARY}\b", re.IGNORECASE)
_NO_NOUN = re.compile(r"\A(?:else|happen|made|led|took|\w+ed)\b", re.IGNORECASE)  # what happened, what caused …
_ASKING = re.compile(rf"\A(?:{WH}\b\s*)?(?:{AUXILIARY}\b\s*)?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SINGULAR_S = re.compile(r"(?:ss|us|is|news|headquarters|series)$", re.IGNORECASE)


class Phrase(NamedTuple):
    """A noun phrase as it can be said again, with ``the``; ``asked`` when it is what the question asks for."""

    text: str
    head: str
    start: int
    end: int
    asked: bool = False

    @property
    def is_plural(self) -> bool:
        """Whether its head ends as a plural does."""
        return (self.head.endswith("s") and not _SINGULAR_S.search(self.head)) or self.head in {"people", "children"}

    @property
    def is_person(self) -> bool:
        """Whether its head is what a person is called."""
        return self.head.lower() in ROLES

    @property
    def has_name(self) -> bool:
        """Whether a name stands in it, so that it is known outside the conversation too."""
        return bool(names(f"about {self.text}"))


@lru_cache(maxsize=512)
def phrases(question: str) -> tuple[Phrase, ...]:
    """The noun phrases that begin with an article, an owner, or a question word, in their order."""
    found: list[Phrase] = []
    for match in _PHRASE.finditer(question):
        noun, tail, start = match["noun"], match["tail"], match.start("noun")
        if match["wh"]:
            tail = ""
            if not _VERB.match(question[match.end("noun") :]):
                noun, _ = _without_verb(noun, "")
        elif _INVERTS.search(question[: match.start()]):
            noun, tail = _without_verb(noun, tail)
        if noun and not (match["wh"] and _NO_NOUN.match(noun)):
            end = start + len(noun + tail)
            found.append(Phrase(f"the {noun}{tail}", head(noun), match.start(), end, bool(match["wh"])))
    for match in _OWNED.finditer(question):
        if not any(phrase.start <= match.start() < phrase.end for phrase in found):
            found.append(Phrase(match["noun"], head(match["noun"]), *match.span()))
    return tuple(sorted(found, key=lambda phrase: phrase.start))


def proposition(question: str) -> str:
    """What a question is about, as words: without its question word, its auxiliary and its mark."""
    opened, closed = question.find("("), question.rfind(")")
    plain = question[:opened].rstrip() + question[closed + 1 :] if 0 <= opened < closed else question
    return _ASKING.sub("", plain.strip().rstrip("?.! "))


def _without_verb(noun: str, tail: str) -> tuple[str, str]:
    """Where a verb has to follow a subject, the last small word of both is that verb, and no noun."""
    whole = noun + tail
    rest, _, last = whole.rpartition(" ")
    if last[:1].isupper() or last[:1].isdigit():
        return noun, tail
    return (rest, "") if not tail else (noun, rest[len(noun) :])


def head(noun: str) -> str:
    """The noun itself: the last word before a code or a number that it may have."""
    words = noun.split()
    return next((word for word in reversed(words) if not _DIGIT.search(word)), words[-1]).strip("'’")
