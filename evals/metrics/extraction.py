"""How well a main text was extracted: by word shingles, or by segments that should and should not be in it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_SHINGLE = 4  # words


class Counts(NamedTuple):
    """What was found, what was found and should not have been, and what was missed; of one page or of several."""

    found: float = 0
    wrong: float = 0
    missed: float = 0


class ExtractionScores(NamedTuple):
    """Precision, recall and F1."""

    precision: float
    recall: float
    f1: float


def shingle_counts(expected: str, text: str) -> Counts:
    """Compare two texts by their runs of four words. The counts of a page add up to one, however long it is."""
    wanted, got = _shingles(expected), _shingles(text)
    found, wrong, missed = (got & wanted).total(), (got - wanted).total(), (wanted - got).total()
    total = found + wrong + missed or 1
    return Counts(found / total, wrong / total, missed / total)


def segment_counts(kept: Sequence[str], dropped: Sequence[str], text: str) -> Counts:
    """Count the segments that are in a text, whatever the white space: those of the main text, and the others."""
    text = _folded(text)
    found = sum(_folded(segment) in text for segment in kept)
    return Counts(found, sum(_folded(segment) in text for segment in dropped), len(kept) - found)


def mean_scores(counts: Sequence[Counts]) -> ExtractionScores:
    """Return precision and recall as the means over pages that have one; F1 is their harmonic mean."""
    precisions = [one.found / (one.found + one.wrong) for one in counts if one.found + one.wrong]
    recalls = [one.found / (one.found + one.missed) for one in counts if one.found + one.missed]
    return _scores(sum(precisions) / (len(precisions) or 1), sum(recalls) / (len(recalls) or 1))


def total_scores(counts: Sequence[Counts]) -> ExtractionScores:
    """Return precision and recall of all segments together."""
    found, wrong, missed = (sum(one[i] for one in counts) for i in range(3))
    return _scores(found / ((found + wrong) or 1), found / ((found + missed) or 1))


def _scores(precision: float, recall: float) -> ExtractionScores:
    return ExtractionScores(precision, recall, 2 * precision * recall / ((precision + recall) or 1))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    runs = (tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))
    return Counter(run for run in runs if run)


def _folded(text: str) -> str:
    return " ".join(text.split())
