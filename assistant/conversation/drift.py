"""Semantic drift: how a question that a language model rewrote differs in meaning from the original."""

import re
from collections.abc import Collection, Sequence

from assistant.conversation.function_words import NEGATION
from assistant.conversation.pronouns import PRONOUNS
from assistant.request import Message
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

MAX_ADDED_CHARACTERS = 400  # that a rewritten question may be longer than the original
_FUNCTION_TERMS = STOP_WORDS.union(
    terms(" ".join(PRONOUNS)), terms("does did been being am here then there else much many")
)
_DISCOURSE_TERMS = frozenset(terms("and but or so ok okay then what about how thanks please"))
_ABOUT = re.compile(r"^(?:(?:and|but|so)\s+)?(?:what|how)\s+about\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b")
_NEGATION = re.compile(NEGATION)
_WORD = re.compile(r"\w+(?:[.,:/’'-]+\w+)*")
_NUMBER = re.compile(r"\d[\d.,:/-]*\b")


def drift(rewritten: str, question: str, history: Sequence[Message]) -> str | None:
    """Return why a rewritten question has another meaning than the original; None if it has not.

    Each of its content words and numbers must be in the question or the history, it must have those of the question,
    and it must have the same question words and negations.
    """
    known = "\n".join([question, *(turn.content for turn in history)])
    if "\n" in rewritten or not rewritten or len(rewritten) > len(question) + MAX_ADDED_CHARACTERS:
        return "it is not one question"
    if new := _first_unknown(_WORD.findall(rewritten), {*terms(known), *_FUNCTION_TERMS}):
        return f"“{new}” was said nowhere"
    if new := next(iter(set(_NUMBER.findall(rewritten)) - set(_NUMBER.findall(known))), None):
        return f"“{new}” was said nowhere"
    if lost := _first_unknown(_WORD.findall(question), {*terms(rewritten), *_FUNCTION_TERMS, *_DISCOURSE_TERMS}):
        return f"“{lost}” is missing"
    if not _ABOUT.match(question) and _matches(_QUESTION_WORD, question) - _matches(_QUESTION_WORD, rewritten):
        return "it asks for something else"
    same_negations = _matches(_NEGATION, question) == _matches(_NEGATION, rewritten)
    return None if same_negations else "it denies something else"


def _matches(pattern: re.Pattern[str], text: str) -> set[str]:
    return set(pattern.findall(text.lower()))


def _first_unknown(words: Sequence[str], known: Collection[str]) -> str | None:
    """Return the first word with a term that is not known."""
    return next((word for word in words if not set(terms(word)) <= set(known)), None)
