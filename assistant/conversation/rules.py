"""Rewrites a question in a conversation to stand alone, by rules.

A question that needs no context is returned as it is. Otherwise its anaphors are replaced by their antecedents from the
exchanges before, newest first; nothing else of the question changes. Each earlier question is made to stand alone
first, so that "When did they meet?" can be asked after "Where did she meet him?".
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.conversation.anaphora import Anaphor, find_anaphors, mentions_name
from assistant.conversation.antecedents import Exchange, find_antecedent, topic
from assistant.conversation.ellipsis import expand_ellipsis
from assistant.request import Message
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

MAX_ANSWER_CHARACTERS = 2_000  # of an earlier answer, whose topic is named at the beginning
MAX_QUESTION_CHARACTERS = 300  # of a question that is rewritten; a longer one says what it means
_CONTINUES = re.compile(r"(?:and|but|so)\b", re.IGNORECASE)


class Rewrite(NamedTuple):
    """A question that stands alone.

    ``replacements`` has the words that were replaced, each with its replacement. Empty words stand for an addition at
    the end. ``notes`` are further notices.
    """

    question: str
    replacements: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What was done to the question, in words for the user; empty if nothing was done."""
        changes = "; ".join(
            f"“{words}” as “{replacement}”" if words else f"with “{replacement}”"
            for words, replacement in self.replacements
        )
        return (*self.notes, f"Read from the turns before: {changes}.") if changes else self.notes

    def with_note(self, note: str) -> "Rewrite":
        """Return the same rewrite with a further note."""
        return self._replace(notes=(*self.notes, note))


def rewrite(question: str, history: Sequence[Message], cancelled: Callable[[], bool] = lambda: False) -> Rewrite:
    """Return the question as it stands alone; unchanged if it does already or the history does not help.

    Args:
        question: the question as it was asked.
        history: the conversation before it, oldest first.
        cancelled: true once the caller no longer waits, which is checked before each turn; the question is then
            returned unchanged.
    """
    exchanges: list[Exchange] = []
    for turn in history:
        if cancelled():
            return Rewrite(question)
        if turn.role == "user":
            standalone = _rewrite_after(turn.content[:MAX_QUESTION_CHARACTERS], exchanges).question
            exchanges.append(Exchange(standalone[: 2 * MAX_QUESTION_CHARACTERS]))
        elif exchanges:
            exchanges[-1] = Exchange(exchanges[-1].question, turn.content[:MAX_ANSWER_CHARACTERS])
    return _rewrite_after(question, exchanges)


def needs_context(question: str, history: Sequence[Message]) -> bool:
    """True if the question may need the history: it has an anaphor or no name, or is elliptical."""
    if not history or len(question) > MAX_QUESTION_CHARACTERS:
        return False
    earlier = [turn.content[:MAX_ANSWER_CHARACTERS] for turn in history]
    is_elliptical = expand_ellipsis(question, "who") is not None
    return is_elliptical or bool(find_anaphors(question, earlier)) or not mentions_name(question, earlier)


def _rewrite_after(question: str, exchanges: Sequence[Exchange]) -> Rewrite:
    if not exchanges or len(question) > MAX_QUESTION_CHARACTERS:
        return Rewrite(question)
    expanded = expand_ellipsis(question, exchanges[-1].question)
    return _resolve(question, exchanges) if expanded is None else Rewrite(expanded, ((question, expanded),))


def _resolve(question: str, exchanges: Sequence[Exchange]) -> Rewrite:
    """Replace the anaphors of a question, and add the topic if the replacements do not name it."""
    earlier = [text for exchange in exchanges for text in exchange]
    text, replacements, is_named = question, list[tuple[str, str]](), True
    for anaphor in reversed(find_anaphors(question, earlier)):
        if antecedent := find_antecedent(anaphor, question, exchanges):
            is_named = is_named and antecedent.is_named
            old, new = question[anaphor.start : anaphor.end], _inflected(anaphor, question, antecedent.text)
            text = text[: anaphor.start] + new + text[anaphor.end :]
            replacements += [(old, new)] if new != old else []
    if text == question and not mentions_name(question, earlier):
        is_named = is_named and not _continues(question, exchanges[-1])
    if not is_named and (added := topic(exchanges, exclude=text)):
        text = f"{text.rstrip('?.! ')} ({added})?"
        replacements.insert(0, ("", added))
    return Rewrite(text, tuple(reversed(replacements)))


def _continues(question: str, last: Exchange) -> bool:
    """True if a question without names continues the last exchange: it begins with *and* or repeats its words."""
    content = set(terms(question)) - STOP_WORDS
    return bool(_CONTINUES.match(question)) or 2 * len(content & {*terms(" ".join(last))}) >= max(1, len(content))


def _inflected(anaphor: Anaphor, question: str, antecedent: str) -> str:
    """Return an antecedent in the form that its place in the question requires."""
    if anaphor.kind == "that":
        return f"{question[anaphor.start : anaphor.end]} ({antecedent})"
    if anaphor.is_possessive:
        antecedent += "'" if antecedent.endswith("s") else "'s"
    return antecedent[:1].upper() + antecedent[1:] if anaphor.start == 0 else antecedent
