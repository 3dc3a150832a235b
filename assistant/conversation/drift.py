"""Whether a rewritten question still asks what was asked: nothing new in it, nothing of its own lost."""

import re
from collections.abc import Collection, Sequence

from assistant.conversation.gaps import PRONOUNS
from assistant.request import Message
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

LONGEST = 400  # characters that a rewrite may be longer than the question
_SMALL = STOP_WORDS | {*terms(" ".join(PRONOUNS)), *terms("does did been being am here then there else much many")}
_OPENERS = frozenset(terms("and but or so ok okay then what about how thanks please"))
_ABOUT = re.compile(r"^(?:(?:and|but|so)\s+)?(?:what|how)\s+about\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b")
_DENIES = re.compile(r"\b(?:not|no|never|without|nobody|none|nothing|neither)\b|n['’]t\b")
_WORD = re.compile(r"\w+(?:[.,:/’'-]+\w+)*")
_NUMBER = re.compile(r"\d[\d.,:/-]*\b")


def drift(rewritten: str, question: str, history: Sequence[Message]) -> str | None:
    """Why a rewrite is not the question any more; None where it is.

    Each of its content words and numbers has to stand in the question or in the turns before; the question's own have
    to stand in it; and it has to ask for the same kind of thing and deny as much.
    """
    said = "\n".join([question, *(turn.content for turn in history)])
    if "\n" in rewritten or not rewritten or len(rewritten) > len(question) + LONGEST:
        return "it is not one question"
    if new := _first_beyond(_WORD.findall(rewritten), {*terms(said), *_SMALL}):
        return f"“{new}” was said nowhere"
    if new := next(iter(set(_NUMBER.findall(rewritten)) - set(_NUMBER.findall(said))), None):
        return f"“{new}” was said nowhere"
    if lost := _first_beyond(_WORD.findall(question), {*terms(rewritten), *_SMALL, *_OPENERS}):
        return f"“{lost}” is missing"
    asks, denies = ([set(kind.findall(text.lower())) for text in (question, rewritten)] for kind in (_ASKS, _DENIES))
    if not _ABOUT.match(question) and asks[0] - asks[1]:
        return "it asks for something else"
    return "it denies something else" if denies[0] != denies[1] else None


def _first_beyond(words: Sequence[str], known: Collection[str]) -> str | None:
    """The first of the words that has a term which is not known."""
    return next((word for word in words if not set(terms(word)) <= set(known)), None)
