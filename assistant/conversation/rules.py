"""A question in a conversation becomes one that stands alone, by rules.

A question that leaves nothing open is returned as it is. Otherwise the words that mean something said before are filled
in from the turns before, newest first; nothing else of the question changes. Each earlier question is made to stand
alone first, so that "When did they meet?" can be asked after "Where did she meet him?".
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.conversation.antecedents import Exchange, antecedent, topic
from assistant.conversation.ellipsis import completed
from assistant.conversation.gaps import Gap, gaps, names_again
from assistant.request import Message
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

READ = 2_000  # characters of an answer that are read: it is a few sentences, and what it is about stands in front
LONGEST = 300  # characters of a follow-up; who writes more says what is meant
_GOES_ON = re.compile(r"(?:and|but|so)\b", re.IGNORECASE)


class Rewrite(NamedTuple):
    """A question that stands alone. ``filled`` has the words that were open, each with what they are read as."""

    question: str
    filled: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What was done, for whoever asked; nothing where nothing was."""
        done = "; ".join(f"“{words}” as “{read}”" if words else f"with “{read}”" for words, read in self.filled)
        return (*self.notes, f"Read from the turns before: {done}.") if done else self.notes

    def noting(self, note: str) -> "Rewrite":
        """The same, with something else to say about it."""
        return self._replace(notes=(*self.notes, note))


def rewrite(question: str, history: Sequence[Message], left: Callable[[], bool] = lambda: False) -> Rewrite:
    """The question as it stands alone after these turns; itself where it does already, or where they do not help.

    Also where ``left`` says that nobody waits for it any longer: it is asked before each turn.
    """
    exchanges: list[Exchange] = []
    for turn in history:
        if left():
            return Rewrite(question)
        if turn.role == "user":
            exchanges.append(Exchange(_alone(turn.content[:LONGEST], exchanges).question[: 2 * LONGEST]))
        elif exchanges:
            exchanges[-1] = Exchange(exchanges[-1].question, turn.content[:READ])
    return _alone(question, exchanges)


def is_open(question: str, history: Sequence[Message]) -> bool:
    """Whether the question may need these turns: it has a gap or no name, or it is only a piece of one."""
    if not history or len(question) > LONGEST:
        return False
    said = [turn.content[:READ] for turn in history]
    begun = completed(question, "who") is not None
    return begun or bool(gaps(question, said)) or not names_again(question, said)


def _alone(question: str, exchanges: Sequence[Exchange]) -> Rewrite:
    if not exchanges or len(question) > LONGEST:
        return Rewrite(question)
    whole = completed(question, exchanges[-1].question)
    return _filled(question, exchanges) if whole is None else Rewrite(whole, ((question, whole),))


def _filled(question: str, exchanges: Sequence[Exchange]) -> Rewrite:
    said = [text for exchange in exchanges for text in exchange]
    text, filled, known = question, list[tuple[str, str]](), True
    for gap in reversed(gaps(question, said)):
        if filling := antecedent(gap, question, exchanges):
            known = known and filling.known
            old, new = question[gap.start : gap.end], _in_place(gap, question, filling.text)
            text = text[: gap.start] + new + text[gap.end :]
            filled += [(old, new)] if new != old else []
    if text == question and not names_again(question, said):
        known = known and not _leans(question, exchanges[-1])
    if not known and (about := topic(exchanges, besides=text)):
        text = f"{text.rstrip('?.! ')} ({about})?"
        filled.insert(0, ("", about))
    return Rewrite(text, tuple(reversed(filled)))


def _leans(question: str, last: Exchange) -> bool:
    """Whether a question that names nothing goes on with the last one: it begins with *and*, or repeats its words."""
    content = set(terms(question)) - STOP_WORDS
    return bool(_GOES_ON.match(question)) or 2 * len(content & {*terms(" ".join(last))}) >= max(1, len(content))


def _in_place(gap: Gap, question: str, filling: str) -> str:
    if gap.kind == "that":
        return f"{question[gap.start : gap.end]} ({filling})"
    if gap.owns:
        filling += "'" if filling.endswith("s") else "'s"
    return filling[:1].upper() + filling[1:] if gap.start == 0 else filling
