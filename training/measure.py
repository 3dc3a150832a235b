"""Evaluates the network on held-out questions, each with the paragraph that it was written about.

``python -m training.measure FILE…`` prints the metrics of files of weights; without a file, of the shipped weights.
"""

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from assistant.reading import weights
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.network import Network
from assistant.reading.pair_network import TorchNetwork
from assistant.reading.reader import Reader
from evals.data.collection import Folder, sample
from evals.errors import DataMissing
from evals.metrics.reading import exact_match, f1
from evals.metrics.selection import auroc
from training.questions import Questions, load
from training.train import precise

FILE = "squad2_calibrate8"
MOST = 400


class Measure:
    """Computes exact match and F1 of the best span of answerable questions, and AUROC of the answerability scores."""

    def __init__(self, kept: Questions, most: int = MOST) -> None:
        self._asked = sample([one for one in kept.questions if kept.paragraphs[one.paragraph].file == FILE], most)
        self._paragraphs = kept.paragraphs

    def __call__(self, network: Network) -> dict[str, float]:
        """Return the metrics of the network by name."""
        reader = Reader("trained", lambda: TorchNetwork(network))
        exact, overlap, best, holds = [], [], [], []
        for question in self._asked:
            paragraph = self._paragraphs[question.paragraph]
            with precise(network.span.weight.device):
                (logits,) = reader.read(question.text, [TitledPassage(paragraph.title, paragraph.text)])
            found = logits.best_span()
            if found is None:
                raise ValueError("a paragraph without a token")
            best.append(found.score)
            holds.append(logits.has_answer)
            if question.spans:
                answers = [paragraph.text[start:end] for start, end in question.spans]
                exact.append(exact_match(found.span.cut(paragraph.text), answers))
                overlap.append(f1(found.span.cut(paragraph.text), answers))
        answerable = np.array([bool(one.spans) for one in self._asked])
        return {
            "exact_match": float(np.mean(exact)),
            "f1": float(np.mean(overlap)),
            "auroc_span": auroc(best, answerable),
            "auroc_holds": auroc(holds, answerable),
        }


def main(
    files: Annotated[list[Path] | None, typer.Argument(help="Files of weights.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Of the held-out questions, how many.")] = 1200,
) -> None:
    """Print the metrics of each file."""
    try:
        _, kept = load(Folder.from_environment())
    except DataMissing as error:
        sys.exit(str(error))
    measure = Measure(kept, questions)
    for file in files or [weights.WEIGHTS_FILE]:
        Console().print(str(file), {name: round(value, 4) for name, value in measure(weights.load(file)).items()})


if __name__ == "__main__":
    typer.run(main)
