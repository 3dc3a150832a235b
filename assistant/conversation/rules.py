"""Makes a question in a conversation stand alone, by rules that add rather than replace.

A question that stands alone is returned as it is. In a follow-up "she" is replaced where the turns before name one
person only, and in "What about P-320?" the name takes the place of the only one of its kind. Else the topic of the
turns before follows in parentheses, where search and reader see it: "How much does it cost (the ferry to Orrin)?".
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.conversation.function_words import AUXILIARY, WH
from assistant.conversation.keywords import is_keyword_query
from assistant.conversation.names import CERTAIN, Name, full_names, names
from assistant.conversation.pronouns import PERSONAL, open_pronouns
from assistant.conversation.small_talk import find_small_talk
from assistant.request import Message
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

MAX_ANSWER_CHARACTERS = 2_000  # of an earlier answer, whose topic is named at the beginning
MAX_QUESTION_CHARACTERS = 300  # of a question that is rewritten; a longer one says what it means
_LEAD = re.compile(r"\A(?:(?:and|but|or|so|ok(?:ay)?|then)\b,?\s*+)*+(?:(?:what|how)\s+about\s+)?", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{WH}|{AUXILIARY})\b", re.IGNORECASE)
_QUESTION_WORD_ONLY = re.compile(
    rf"\A(?:\w++\s+)?{WH}(?:\s+(?:not|exactly|so|else|much|many|long|little|often))*", re.IGNORECASE
)
_ASKED = re.compile(rf"\A(?:(?:and|but|so)\b\s*)?(?:(?:how\s+\w+|{WH})\b\s*)?(?:{AUXILIARY}\b\s*)?", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"(?:(?:those|that|of|in|at|on|for|with|near|to|by|from|about|the)\s+)*", re.IGNORECASE)
_DEFINITE = re.compile(
    r"\b(?:the|(?:this|that|these|those)(?!\s+(?:year|month|week|day|morning|winter|summer|season|time)))\s+([\w’'-]+)",
    re.IGNORECASE,
)


class Rewrite(NamedTuple):
    """A question that stands alone.

    ``replacements`` has what was replaced, empty for an addition at the end, each with its replacement.
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


def rewrite(question: str, history: Sequence[Message], cancelled: Callable[[], bool] = lambda: False) -> Rewrite:
    """Return a question as it stands alone; unchanged if it does, if the history does not help, or once cancelled."""
    return _rewrite_after(question, *_asked_before(history, cancelled))


def with_topic(question: str, history: Sequence[Message]) -> Rewrite | None:
    """Return a question that may stand alone with the topic of the turns before.

    None if it names something itself, as keywords do.
    """
    earlier, _ = _asked_before(history)
    is_named = bool(names(f"so {question}")) or is_keyword_query(question)
    if not earlier or is_named or len(question) > MAX_QUESTION_CHARACTERS:
        return None
    return _with_addition(question, _ASKED.sub("", earlier))


def _asked_before(history: Sequence[Message], cancelled: Callable[[], bool] = lambda: False) -> tuple[str, str]:
    """Return the last question of the history, as it stands alone, and its answer; empty if there is none."""
    earlier, answer, is_small_talk = "", "", False
    for turn in history:
        if cancelled():
            return "", ""
        said = turn.content[:MAX_QUESTION_CHARACTERS]
        if turn.role == "user" and not (is_small_talk := bool(find_small_talk(said))):
            earlier, answer = _what_was_asked(said, _rewrite_after(said, earlier, answer)), ""
        elif turn.role == "assistant" and not is_small_talk:
            answer = turn.content[:MAX_ANSWER_CHARACTERS]
    return earlier, answer


def needs_context(question: str, history: Sequence[Message]) -> bool:
    """True if the question may need the history: it has an open pronoun or no name, or is a piece of a question."""
    may = _is_piece(question) or open_pronouns(question) or not names(f"so {question}")
    return bool(may and history and len(question) <= MAX_QUESTION_CHARACTERS)


def _rewrite_after(question: str, earlier: str, answer: str) -> Rewrite:
    """Return a question as it stands alone after an earlier one, which stands alone, and its answer."""
    if not earlier or len(question) > MAX_QUESTION_CHARACTERS:
        return Rewrite(question)
    if _is_piece(question):
        return _with_name(question, earlier) or _with_addition(question, earlier)
    pronouns, people = open_pronouns(question), _people(earlier, answer, question)
    words = {pronoun.word for pronoun in pronouns}
    if len(people) == len(words) == 1 and words.issubset(PERSONAL):
        _, start, end, is_possessive = pronouns[0]
        person = people[0] + ("'" if people[0].endswith("s") else "'s") * is_possessive
        return Rewrite(question[:start] + person + question[end:], ((question[start:end], person),))
    if not pronouns and not _refers_back(question, f"{earlier} {answer}"):
        return Rewrite(question)
    said = [] if words.isdisjoint(PERSONAL) else people
    if not said and not names(f"so {earlier}"):
        said = [name.normalised for name in names(answer)]
    topic = _ASKED.sub("", earlier)
    return _with_addition(question, ", ".join([topic, *(name for name in said if name.split()[-1] not in topic)][:3]))


def _what_was_asked(question: str, standalone: Rewrite) -> str:
    """Return an earlier question as it stands alone, or only what was added to it if it names nothing itself."""
    added = [replacement for words, replacement in standalone.replacements if not words]
    asked = added[0] if added and not names(f"so {question}") else standalone.question
    return asked[: 2 * MAX_QUESTION_CHARACTERS].rstrip("?! ").replace(" (", "; ").replace(")", "")


def _is_piece(question: str) -> bool:
    """True for a piece of a question: "And in Homs?", "What about 7341?", "And why?", "Who else?"."""
    piece = _piece(question)
    is_rest = piece != question.rstrip("?!. ") and not _VERB.search(piece)
    return bool(piece) and (is_rest or bool(_QUESTION_WORD_ONLY.fullmatch(piece)))


def _piece(question: str) -> str:
    return _LEAD.sub("", question).rstrip("?!. ")


def _with_name(question: str, earlier: str) -> Rewrite | None:
    """Return the earlier question with the name in a piece of one; None if it is unclear which name that replaces."""
    piece = _piece(question)
    new = names(f"so {piece}")
    is_name_only = len(new) == 1 and piece.endswith(new[0].text) and _BEFORE_NAME.fullmatch(piece[: -len(new[0].text)])
    old = [name for name in names(earlier) if _has_digit(name) == _has_digit(new[0])] if is_name_only else []
    if len(old) != 1:
        return None
    completed = f"{earlier[: old[0].start]}{new[0].text}{earlier[old[0].end :]}?"
    return Rewrite(completed, ((question, completed),))


def _has_digit(name: Name) -> bool:
    return any(map(str.isdigit, name.text))


def _people(earlier: str, answer: str, question: str) -> list[str]:
    """Return the full names of the people of the question before and of those certain in its answer."""
    said = sorted((name for name in names(answer) if name.person >= CERTAIN), key=lambda name: -name.person)
    found = [name for name in (*names(earlier), *said) if name.person > 0 and name.text not in question]
    full = full_names(found)
    return list(dict.fromkeys(full[name.normalised] for name in found))


def _refers_back(question: str, said: str) -> bool:
    """True if a question without names begins with *and*, has one content word, or asks of what was said."""
    known, content = {*terms(said)} - STOP_WORDS, {*terms(question)} - STOP_WORDS
    definite = known.intersection(terms(" ".join(_DEFINITE.findall(question))))
    begins_with_and = _piece(question) != question.rstrip("?!. ")
    mostly_known = 2 * len(known & content) > len(content)
    return not names(f"so {question}") and bool(begins_with_and or len(content) < 2 or definite or mostly_known)


def _with_addition(question: str, addition: str) -> Rewrite:
    return Rewrite(f"{question.rstrip('?!. ')} ({addition})?", (("", addition),)) if addition else Rewrite(question)
