"""Exact match and F1 of short answers: the official SQuAD 2.0 evaluation (Rajpurkar et al. 2018)."""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, without punctuation and English articles, white space as single blanks."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str | None, accepted: Sequence[str]) -> float:
    """1.0 when the answer equals an accepted one. None abstains; without accepted answers only that is right."""
    return max(float(normalise(answer or "") == normalise(wanted)) for wanted in _gold(accepted))


def f1(answer: str | None, accepted: Sequence[str]) -> float:
    """The best token F1 over the accepted answers; an abstention scores as exact match does."""
    return max(_f1(normalise(answer or "").split(), normalise(wanted).split()) for wanted in _gold(accepted))


def holds(text: str, accepted: Sequence[str]) -> bool:
    """Whether the text holds an accepted answer as whole words, both normalised."""
    return any(f" {normalise(wanted)} " in f" {normalise(text)} " for wanted in accepted if normalise(wanted))


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
