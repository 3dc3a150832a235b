"""Whether a passage may answer a question after all, for a negative that was made and not written.

A guess on the safe side: what it lets through was looked at (training/README.md says how much of it was wrong).
"""

from collections.abc import Iterable
from functools import lru_cache

from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems
from training.data.edits import places

ASKED = 0.75  # of a question's content words in one passage, beside something of the answer's kind


@lru_cache(maxsize=300_000)
def content(text: str) -> frozenset[str]:
    """The stems of the words that mean something."""
    return frozenset(stems(text)) - STOP_WORDS


def answers(passage: str, accepted: Iterable[str]) -> bool:
    """Whether the passage has an accepted answer, or all the words of one."""
    lowered, there = passage.lower(), content(passage)
    for answer in accepted:
        words = content(answer)
        if places(lowered, answer.lower()) or (words and words <= there):
            return True
    return False


def covers(passage: str, question: str, leaving_out: str = "") -> float:
    """What share of the question's content words the passage has."""
    asked = content(question) - content(leaving_out)
    return len(asked & content(passage)) / len(asked) if asked else 1.0
