"""``python -m training.entailment.measure``: the metrics of the checkers by their logits, beside bigrams.

The threshold is chosen on the pairs of the split ``choose`` alone: the lowest at which at most ``_PASSING`` of the
false ones pass.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from assistant.grounding.facts import missing_values
from embeddings.text.sentences import sentence_spans
from evals.data.collection import Folder
from evals.metrics.selection import auroc, balanced_accuracy
from evals.suites.grounding import bigram_overlap
from training.entailment.arrays import PairArrays
from training.entailment.data.measured import PREFIX, MeasuredClaim, claims, windows
from training.work_folder import WORK

app = typer.Typer(add_completion=False)
Floats = NDArray[np.float64]
_PASSING = 0.02
_TRUE = {"True", "entailment"}


@app.command()
def main(
    logits: Annotated[Path, typer.Argument(help="File of logits of the pairs that were held out, by checker.")],
    folder: Annotated[Path, typer.Option(help="Folder of the pairs.")] = WORK / "entailment",
    threshold: Annotated[float | None, typer.Option(help="Instead of the chosen one.")] = None,
) -> None:
    """Print the metrics of every data set."""
    arrays = PairArrays.load(folder / "pairs.npz")
    every = list(claims(Folder.from_environment()))
    datasets = list(dict.fromkeys(one.dataset for one in every))
    found = {name: _scores(values, arrays, every) for name, values in np.load(logits).items()}
    table = Table("checker", "data", "AUC", "balanced", "false that pass", "true that are lost", "accuracy")
    for name, (scores, right) in found.items():
        vetoed = np.array(
            [0.0 if missing_values(one.claim, one.source) else score for one, score in zip(every, scores, strict=True)]
        )
        for label, values in ((name, scores), (f"{name}, values", vetoed)):
            chosen = _threshold(values, every) if threshold is None else threshold
            for dataset in datasets:
                _row(table, f"{label} ≥ {chosen:.3f}", dataset, every, values, chosen, right)
    overlap = np.array([bigram_overlap(one.claim, one.source) for one in every])
    for dataset in datasets:
        _row(table, "bigrams", dataset, every, overlap, _threshold(overlap, every), None)
    Console(width=150).print(table)


def _scores(logits: Floats, arrays: PairArrays, every: list[MeasuredClaim]) -> tuple[Floats, list[str]]:
    """Return the probability that each claim is supported, and its most probable class."""
    kinds = arrays.kinds[arrays.kind[arrays.held]]
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    probability = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    streams = {name: probability[kinds == name] for name in np.unique(kinds) if str(name).startswith(PREFIX)}
    at = dict.fromkeys(streams, 0)
    scores, classes = [], []
    for one in every:
        name = PREFIX + one.dataset
        sentences, of = _shape(one)
        part = streams[name][at[name] : at[name] + sentences * of].reshape(sentences, of, 3)
        at[name] += sentences * of
        best = np.take_along_axis(part, part[:, :, :1].argmax(1)[:, :, None], 1)[:, 0]
        worst = best[best[:, 0].argmin()]
        scores.append(worst[0])
        classes.append(("entailment", "neutral", "contradiction")[int(worst.argmax())])
    return np.array(scores), classes


def _shape(one: MeasuredClaim) -> tuple[int, int]:
    """Return how many sentences a claim has, and with how many windows each was read."""
    source = [span.cut(one.source) for span in sentence_spans(one.source)] or [one.source]
    return len(list(sentence_spans(one.claim))) or 1, len(windows(source)) + (len(source) > 3)


def _threshold(scores: Floats, every: list[MeasuredClaim]) -> float:
    false = [
        score for score, one in zip(scores, every, strict=True) if one.dataset == "choose" and one.label == "False"
    ]
    return float(np.nextafter(np.quantile(false, 1 - _PASSING, method="lower"), 2))


def _row(  # noqa: PLR0917  one row of a table
    table: Table,
    label: str,
    dataset: str,
    every: list[MeasuredClaim],
    scores: Floats,
    threshold: float,
    classes: list[str] | None,
) -> None:
    among = [i for i, one in enumerate(every) if one.dataset == dataset]
    truth = [float(every[i].label in _TRUE) for i in among]
    values = [float(scores[i]) for i in among]
    passed = [value >= threshold for value in values]
    false = sum(p and not t for p, t in zip(passed, truth, strict=True))
    lost = sum(not p and bool(t) for p, t in zip(passed, truth, strict=True))
    accuracy = ""
    if classes is not None and dataset in {"anli", "rte"}:
        right = [
            classes[i] == every[i].label or (every[i].label == "not_entailment" and classes[i] != "entailment")
            for i in among
        ]
        accuracy = f"{np.mean(right):.3f}"
    table.add_row(
        label, dataset, f"{auroc(values, truth):.3f}", f"{balanced_accuracy(values, truth, threshold):.3f}",
        f"{false} of {int(len(truth) - sum(truth))}", f"{lost} of {int(sum(truth))}", accuracy,
    )  # fmt: skip


if __name__ == "__main__":
    app()
