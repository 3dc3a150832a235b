"""How a network does on what it was not trained on: held-out pages of SQuAD 2.0, and twins of held-out patterns."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from torch import nn

from evals.data.collection import sample
from evals.metrics.reading import exact_match, f1
from evals.metrics.selection import auroc
from training.batches import Layout
from training.data import item
from training.data.item import Item
from training.teacher.reading import read_all

_SQUAD = ("squad2_calibrate8", "squad2_train9")


class TeacherMeasure:
    """Exact match and F1 of the best span where there is an answer, and whether the scores tell if there is one."""

    def __init__(self, folder: Path, held_out: Sequence[str], tokenizer: Tokenizer, layout: Layout, most: int) -> None:
        kept = [one for one in item.read(folder / "held_out.jsonl") if one.file in _SQUAD]
        twins = [one for one in item.read(folder / "twins_written.jsonl") if one.file in held_out]
        self._sets = {"squad": sample(kept, most), "twins": sample(twins, most // 2)}
        self._tokenizer = tokenizer
        self._layout = layout

    def __call__(self, network: nn.Module) -> dict[str, float]:
        """Read every question."""
        sets = {name: self._of(network, items) for name, items in self._sets.items() if items}
        return {f"{name}_{key}": value for name, figures in sets.items() for key, value in figures.items()}

    def _of(self, network: nn.Module, items: Sequence[Item]) -> dict[str, float]:
        exact, overlap, best, holds = [], [], [], []
        pairs = [(one.example.question, one.example.readings[0].passage) for one in items]
        for one, said in zip(items, read_all(network, self._tokenizer, self._layout, pairs), strict=True):
            (reading,) = one.example.readings
            (start, end), score = said.best()
            best.append(score)
            holds.append(said.holds)
            if reading.spans:
                answers = [reading.passage[s:e] for s, e in reading.spans]
                exact.append(exact_match(reading.passage[start:end], answers))
                overlap.append(f1(reading.passage[start:end], answers))
        answerable = np.array([one.answerable for one in items])
        return {
            "exact_match": float(np.mean(exact)),
            "f1": float(np.mean(overlap)),
            "auroc_span": auroc(best, answerable),
            "auroc_holds": auroc(holds, answerable),
        }
