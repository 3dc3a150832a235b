"""Questions with the passage that they were asked of, from every file that may be trained on.

Left out, though they lie there: ``contrast_quoref_ropes``, whose source grants no licence (allenai/contrast-sets has
none, and a proposed one was not taken up); ``policyqa_devtest``, whose policies are OPP-115's, for non-commercial use;
and everything that is named ``*_measure``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.data import squad
from evals.data.collection import Folder, json_lines, sample
from evals.data.held_out import MAX_PARAGRAPHS, SHARES
from training.data.edits import edit

PAGES: Mapping[str, float] = {**SHARES, "squad2_train9": 0.22}  # files in SQuAD's format: share of pages held out
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
SENTENCES = ("qadiscourse", "qasrl_gs", "qamr")  # their contexts are single sentences
_ESCAPED = re.compile(r"""\\['"]|\"\"""")
_NO_TITLE = ("squadshifts_amazon", "squadshifts_reddit", *SENTENCES, "condaqa")  # numbers, which say nothing


@dataclass(frozen=True)
class Row:
    """A question and its context; ``spans`` are the accepted answers in it, none if it has none.

    Contexts of the same ``page`` are from one article; an empty page is not known.
    """

    question: str
    context: str
    spans: tuple[tuple[int, int], ...]
    file: str
    page: str = ""
    title: str = ""

    @property
    def answers(self) -> list[str]:
        """The accepted answers."""
        return [self.context[start:end] for start, end in self.spans]


def load(folder: Folder) -> tuple[list[Row], list[Row]]:
    """The rows to train on, and those of the pages that are held out; a question of a context is there once.

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
    title = "" if file in _NO_TITLE else block.title
    for paragraph in block.paragraphs:
        for asked in paragraph["qas"]:
            # A span that is only the first of several occurrences may be the wrong one.
            if all(answer.get("occurrences", 1) == 1 for answer in asked["answers"]):
                spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]}
                place = f"{file}/{block.place}"
                yield Row(asked["question"].strip(), paragraph["context"], tuple(sorted(spans)), file, place, title)


def _reading(folder: Folder, name: str) -> Iterator[Row]:
    for row in json_lines(folder.file(f"reading/{name}.jsonl.gz", "Questions to train on")):
        spans = tuple(sorted({(one["start"], one["start"] + len(one["text"])) for one in row["answers"]}))
        # Yes and no are no spans: they say neither where an answer stands nor that there is none.
        if not row["question"].strip() or bool(spans) != row["answerable"] or not _exact(row):
            continue
        page = f"{name}/{row['title']}" if row.get("title") else ""
        title = "" if name in _NO_TITLE else row.get("title", "").replace("_", " ").replace("-", " ")
        # One file has its quotation marks escaped and doubled.
        escaped = ((m.start(), m.end(), m.group()[1]) for m in _ESCAPED.finditer(row["context"]))
        context = edit(row["context"], escaped, spans)
        question = " ".join(_ESCAPED.sub(lambda match: match.group()[1], row["question"]).split())
        if len(context.spans) == len(spans):
            yield Row(question, context.text, context.spans, name, page, title)


def _exact(row: Mapping[str, Any]) -> bool:
    return bool(row.get("exact_offset", True)) or row.get("occurrences", 1) == 1
