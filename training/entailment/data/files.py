"""Pairs of the data sets of textual entailment and of grounding that may be trained on.

Excluded are the files named ``*_measure`` and ``squad_train_q_sentence``, which has questions.
"""

import re
from collections.abc import Iterator, Mapping

from embeddings.text.sentences import sentence_spans
from evals.data.collection import Folder, json_lines
from training.data.answerability import content
from training.entailment.data.pairs import CONTRADICTED, NEUTRAL, NOT_SUPPORTED, SUPPORTED, Pair

FILES = (
    "fever_evidence",
    "fever_symmetric",
    "mnli_dev_m",
    "snli_devtest_cad",
    "snli_bizarro",
    "conjnli",
    "fm2_devtest",
    "wice",
    "scitail_test",
    "begin",
)
_CLASSES: Mapping[str, int] = {
    "entailment": SUPPORTED,
    "supports": SUPPORTED,
    "supported": SUPPORTED,
    "fully attributable": SUPPORTED,
    "neutral": NEUTRAL,
    "not_supported": NEUTRAL,
    "partially_supported": NEUTRAL,
    "contradiction": CONTRADICTED,
    "refutes": CONTRADICTED,
    "not_entailment": NOT_SUPPORTED,
    "not fully attributable": NOT_SUPPORTED,
}
_WRITTEN = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}
_SPACED = re.compile(r"(?<=[\w)\"]) (?=[,.;:!?)]|'s\b|n't\b)|(?<=[(]) ")
_LONGEST = 170  # words of a premise; of a longer one the part with most words of the sentence is used


def load(folder: Folder) -> Iterator[Pair]:
    """Yield the pairs of all files.

    Raises:
        DataMissing: a file is not in the folder.
    """
    for name in FILES:
        for row in json_lines(folder.file(f"entailment/{name}.jsonl.gz", "Pairs to train on")):
            classes = _CLASSES.get(row["label"].lower())
            premise = row.get("premise") or " ".join(row.get("evidence", ()))
            if classes and premise.strip() and row["hypothesis"].strip():
                sentence = plain(row["hypothesis"])
                yield Pair(closest(plain(premise), sentence), sentence, classes, name, premise[:60])
    name = "summedits_other"
    for row in json_lines(folder.file(f"groundedness/{name}.jsonl.gz", "Summaries to train on")):
        classes = SUPPORTED if row["label"] else NOT_SUPPORTED
        sentence = plain(row["claim"] if "claim" in row else row["summary"])
        yield Pair(closest(plain(row["doc"]), sentence), sentence, classes, name, row["doc"][:60])


def plain(text: str) -> str:
    """Return a text without the marks and spaces of tokenized corpora."""
    for written, meant in _WRITTEN.items():
        text = text.replace(written, meant)
    return _SPACED.sub("", " ".join(text.split()))


def closest(premise: str, sentence: str, longest: int = _LONGEST) -> str:
    """Return the neighbouring sentences of at most ``longest`` words that have most of the words of ``sentence``."""
    if len(premise.split()) <= longest:
        return premise
    parts = [span.cut(premise) for span in sentence_spans(premise)]
    sizes, words = [len(one.split()) for one in parts], [content(one) for one in parts]
    wanted = content(sentence)
    best = (-1, 0, 1)
    for start in range(len(parts)):
        end, size = start, 0
        while end < len(parts) and (end == start or size + sizes[end] <= longest):
            size += sizes[end]
            end += 1
        found = frozenset[str]().union(*words[start:end])
        best = max(best, (len(wanted & found), -start, end))
    return " ".join(" ".join(parts[-best[1] : best[2]]).split()[: 2 * longest])
