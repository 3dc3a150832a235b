"""Pairs that are only measured: no weight is trained on them.

A long source is read in windows. The kind of a claim's pairs is the name of its data set; they are in the order of
:func:`claims`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.grounding.windows import best_window
from embeddings.text.sentences import sentence_spans
from evals.data import grounding
from evals.data.collection import SHIPPED, Folder, json_lines
from training.entailment.data.pairs import ANY, Pair

PREFIX = "measure:"
_WORDS = 150  # of a window


class MeasuredClaim(NamedTuple):
    """A claim, its source and its label in the words of its data set."""

    dataset: str
    source: str
    claim: str
    label: str


def claims(folder: Folder) -> Iterator[MeasuredClaim]:
    """Yield the claims of all data sets.

    Raises:
        DataMissing: a file is not in the folder.
    """
    for row in json_lines(SHIPPED / "checker.jsonl"):
        yield MeasuredClaim(row["split"], row["source"], row["claim"], str(row["supported"]))
    for row in json_lines(folder.file("checker_cases.jsonl", "Pairs to measure the checker by")):
        yield MeasuredClaim("checker_cases", row["source"], row["claim"], str(row["supported"]))
    names: tuple[grounding.Name, ...] = ("qags", "summeval")
    for name in names:
        for one in grounding.claims(folder, name):
            yield MeasuredClaim(name, one.source, one.text, str(one.supported))
    for file in ("anli_test", "rte"):
        for row in json_lines(folder.file(f"entailment/{file}_measure.jsonl.gz", "Pairs to measure by")):
            yield MeasuredClaim(file.partition("_")[0], row["premise"], row["hypothesis"], row["label"])


def load(folder: Folder) -> Iterator[Pair]:
    """Yield the pairs of each claim: each of its sentences with each window of its source."""
    for one in claims(folder):
        for sentence, window in readings(one):
            yield Pair(window, sentence, ANY, PREFIX + one.dataset, "")


def readings(claim: MeasuredClaim) -> Iterator[tuple[str, str]]:
    """Yield the sentences of a claim, each with the windows of its source."""
    source = [span.cut(claim.source) for span in sentence_spans(claim.source)] or [claim.source]
    told = [span.cut(claim.claim) for span in sentence_spans(claim.claim)] or [claim.claim]
    every = windows(source)
    for sentence in told:
        found = list(every)
        if len(source) > 3:
            found.append(" ".join(source[slice(*best_window(sentence, source))]))
        for window in found:
            yield sentence, window


def windows(source: list[str]) -> list[str]:
    """Return overlapping windows of the sentences of a source, each of at most so many words."""
    sizes, found, start = [len(one.split()) for one in source], list[str](), 0
    while start < len(source):
        end, size = start, 0
        while end < len(source) and (end == start or size + sizes[end] <= _WORDS):
            size += sizes[end]
            end += 1
        found.append(" ".join(source[start:end]))
        if end == len(source):
            break
        start = max(start + 1, (start + end) // 2)
    return found
