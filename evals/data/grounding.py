"""QAGS and SummEval: sentences of summaries that their source does or does not support."""

from dataclasses import dataclass
from typing import Literal

from evals.data.collection import Folder, json_lines

_FILES = {
    "qags": "groundedness/qags_cnndm_sentence_half.jsonl.gz",
    "summeval": "groundedness/summeval_consistency.jsonl.gz",
}
Name = Literal["qags", "summeval"]


@dataclass(frozen=True)
class Claim:
    """A text, its source, and whether the source supports all of it."""

    id: str
    text: str
    source: str
    supported: bool


def claims(folder: Folder, name: Name) -> list[Claim]:
    """Return the claims of a dataset in the order of its file."""
    path = folder.file(_FILES[name], f"The grounding data {name}")
    return [Claim(row["id"], row["claim"], row["doc"], bool(row["label"])) for row in json_lines(path)]
