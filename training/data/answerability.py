"""Heuristics for whether a passage may still answer a question, to filter automatically generated negatives.

They err on the side of rejecting a negative. A sample of the accepted ones was checked by hand; training/README.md
reports the share of errors.
"""

from collections.abc import Iterable
from functools import lru_cache

from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems
from training.data.edits import places

ASKED = 0.75  # share of a question's content words from which a text is taken to address the question


@lru_cache(maxsize=300_000)
def content(text: str) -> frozenset[str]:
    """Return the stems of a text without stop words."""
    return frozenset(stems(text)) - STOP_WORDS


def answers(passage: str, accepted: Iterable[str]) -> bool:
    """True if a passage has an accepted answer, literally or as stems of all its content words in any order."""
    lowered, there = passage.lower(), content(passage)
    for answer in accepted:
        words = content(answer)
        if places(lowered, answer.lower()) or (words and words <= there):
            return True
    return False


def covers(passage: str, question: str, leaving_out: str = "") -> float:
    """Return the share of the question's content words that the passage has, in [0, 1]; 1 if there are no such words.

    Words of ``leaving_out`` are not counted.
    """
    asked = content(question) - content(leaving_out)
    return len(asked & content(passage)) / len(asked) if asked else 1.0
