"""Exact match and F1 of short answers: the official SQuAD 2.0 evaluation (Rajpurkar et al. 2018)."""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Return the text in lower case, without punctuation and English articles, with single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str | None, accepted: Sequence[str]) -> float:
    """Return 1.0 if the answer equals an accepted one, else 0.0.

    None is an abstention, which is right if there are no accepted answers.
    """
    return max(float(normalise(answer or "") == normalise(wanted)) for wanted in _gold(accepted))


def f1(answer: str | None, accepted: Sequence[str]) -> float:
    """Return the highest token F1 over the accepted answers. An abstention scores as in :func:`exact_match`."""
    return max(_f1(normalise(answer or "").split(), normalise(wanted).split()) for wanted in _gold(accepted))


def contains_answer(text: str, accepted: Sequence[str]) -> bool:
    """Return True if the normalised text contains a normalised accepted answer as whole words."""
    return any(f" {normalise(wanted)} " in f" {normalise(text)} " for wanted in accepted if normalise(wanted))


def agrees(answer: str, accepted: Sequence[str]) -> bool:
    """Return True if an accepted answer is in the answer, or the answer in it, as whole words."""
    return contains_answer(answer, accepted) or any(contains_answer(wanted, [answer]) for wanted in accepted)


def _gold(accepted: Sequence[str]) -> Sequence[str]:
    return [wanted for wanted in accepted if normalise(wanted)] or [""]


def _f1(answer: list[str], wanted: list[str]) -> float:
    if not answer or not wanted:
        return float(answer == wanted)
    both = sum((Counter(answer) & Counter(wanted)).values())
    if not both:
        return 0.0
    precision, recall = both / len(answer), both / len(wanted)
    return 2 * precision * recall / (precision + recall)
