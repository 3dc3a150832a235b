"""SummEval: CNN/DailyMail articles with summaries that sixteen systems wrote, each judged for its consistency."""

from collections import defaultdict
from typing import NamedTuple

from evals.data.collection import Folder, json_lines

# Of the systems in SummEval (Fabbri et al. 2021), these cut sentences out of the article; M0 is its first three.
_EXTRACTIVE = {"M0", "M1", "M2", "M5"}


class SummarisedText(NamedTuple):
    """An article, and the summaries of it that a system wrote in its own words and that were judged consistent."""

    text: str
    summaries: tuple[str, ...]


def summarised_texts(folder: Folder) -> list[SummarisedText]:
    """Return the articles that have such a summary, in the order of the file, which has no human-written ones."""
    path = folder.file("groundedness/summeval_consistency.jsonl.gz", "SummEval")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in json_lines(path):
        if row["label"] and row["id"].rpartition("-")[2] not in _EXTRACTIVE:
            found[row["doc"]].append(row["claim"])
    return [SummarisedText(text, tuple(summaries)) for text, summaries in found.items()]
