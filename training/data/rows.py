"""Loads the questions to train on, each with its passage, from every data set that may be used for training.

Excluded, although they are in the folder: ``contrast_quoref_ropes``, whose source has no licence (allenai/contrast-sets
has none, and a proposal to add one was not accepted); ``policyqa_devtest``, whose policies come from OPP-115, which is
for non-commercial use only; and every file named ``*_measure``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.data import squad
from evals.data.collection import Folder, json_lines, sample
from evals.data.held_out import MAX_PARAGRAPHS, SHARES
from training.data.edits import edit

PAGES: Mapping[str, float] = {**SHARES, "squad2_train9": 0.22}  # SQuAD-format files: share of held-out pages
READING = (
    "squad_train_union",
    "nq_open_gold",
    "nq_swap",
    "qed_dev",
    "multispanqa_valid",
    "qadiscourse",
    "qasrl_gs",
    "qamr",
    "condaqa",
    "fairytaleqa_spans",
    "narrativeqa_spans",
    "covidqa_windows",
)
SENTENCES = ("qadiscourse", "qasrl_gs", "qamr")  # files whose contexts are single sentences
_ESCAPED = re.compile(r"""\\['"]|\"\"""")
_NO_TITLE = ("squadshifts_amazon", "squadshifts_reddit", *SENTENCES, "condaqa")  # their titles are mere numbers


@dataclass(frozen=True)
class Row:
    """A question and its context.

    ``spans`` are the character spans of the accepted answers, empty if the question is unanswerable. ``page``
    identifies the article of the context; it is empty if unknown.
    """

    question: str
    context: str
    spans: tuple[tuple[int, int], ...]
    file: str
    page: str = ""
    title: str = ""

    @property
    def answers(self) -> list[str]:
        """Texts of the accepted answers."""
        return [self.context[start:end] for start, end in self.spans]


def load(folder: Folder) -> tuple[list[Row], list[Row]]:
    """Return the rows to train on, without duplicates, and the rows of the held-out pages.

    Raises:
        DataMissing: a file is not in the folder.
    """
    train, kept = list[Row](), list[Row]()
    for file, share in PAGES.items():
        blocks = list(squad.blocks(folder, f"{file}.json.gz", MAX_PARAGRAPHS))
        out = set(sample([block.place for block in blocks], round(share * len(blocks))))
        for block in blocks:
            (kept if block.place in out else train).extend(_of(block, file))
    known = {(row.question.lower(), row.context) for row in kept}
    contexts = {row.context for row in kept}
    for file in READING:
        train += (one for one in _reading(folder, file) if one.context not in contexts)
    once = dict.fromkeys((row.question.lower(), row.context) for row in train)
    unique = []
    for row in train:
        key = (row.question.lower(), row.context)
        if key in once and key not in known:
            del once[key]
            unique.append(row)
    return unique, kept


def _of(block: squad.Block, file: str) -> Iterator[Row]:
    """Yield the rows of one page of a file in SQuAD's format."""
    title = "" if file in _NO_TITLE else block.title
    for paragraph in block.paragraphs:
        for asked in paragraph["qas"]:
            # Where the answer occurs several times, the marked span may be the wrong occurrence.
            if all(answer.get("occurrences", 1) == 1 for answer in asked["answers"]):
                spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]}
                place = f"{file}/{block.place}"
                yield Row(asked["question"].strip(), paragraph["context"], tuple(sorted(spans)), file, place, title)


def _reading(folder: Folder, name: str) -> Iterator[Row]:
    """Yield the usable rows of a file of JSON lines."""
    for row in json_lines(folder.file(f"reading/{name}.jsonl.gz", "Questions to train on")):
        spans = tuple(sorted({(one["start"], one["start"] + len(one["text"])) for one in row["answers"]}))
        # Yes/no questions are skipped: they are answerable but have no answer span.
        if not row["question"].strip() or bool(spans) != row["answerable"] or not _exact(row):
            continue
        page = f"{name}/{row['title']}" if row.get("title") else ""
        title = "" if name in _NO_TITLE else row.get("title", "").replace("_", " ").replace("-", " ")
        # In one file, quotation marks are escaped or doubled.
        escaped = ((m.start(), m.end(), m.group()[1]) for m in _ESCAPED.finditer(row["context"]))
        context = edit(row["context"], escaped, spans)
        question = " ".join(_ESCAPED.sub(lambda match: match.group()[1], row["question"]).split())
        if len(context.spans) == len(spans):
            yield Row(question, context.text, context.spans, name, page, title)


def _exact(row: Mapping[str, Any]) -> bool:
    """True if the offset of the answer is certain: given by the data set, or the only occurrence."""
    return bool(row.get("exact_offset", True)) or row.get("occurrences", 1) == 1
