"""The checker that decides whether a source carries a sentence, measured beside the simplest one there is."""

import re
from collections.abc import Callable
from itertools import pairwise

from assistant.support import support
from evals.context import Context
from evals.data import grounding
from evals.data.grounding import Claim, Name
from evals.metrics import selection
from evals.metrics.intervals import statistic_interval
from evals.result import Bars, Figure, Result

Checker = Callable[[str, str], float]
_NAMES: tuple[Name, ...] = ("qags", "summeval")
_FLOOR = "bigrams"
_WORD = re.compile(r"\w+")


def bigram_overlap(sentence: str, source: str) -> float:
    """Share of the sentence's word pairs that stand side by side in the source: ROUGE-2 precision, the floor."""
    pairs = _bigrams(sentence)
    found = set(_bigrams(source))
    return sum(pair in found for pair in pairs) / len(pairs) if pairs else 0.0


def verbatim(sentence: str, source: str) -> float:
    """1 when the sentence stands in the source character by character: what a `verbatim` verdict proves."""
    return float(sentence.strip() in source)


def checker(sentence: str, source: str) -> float:
    """The score behind a `supported` verdict."""
    return support(sentence, [source])


_CHECKERS: dict[str, Checker] = {_FLOOR: bigram_overlap, "verbatim": verbatim, "checker": checker}


class Grounding:
    """AUC and balanced accuracy; a checker's threshold is fitted on other data, the floor's is given away."""

    name = "grounding"
    about = "whether the checker tells sentences that a source carries from those that it does not"
    ships = False

    def run(self, context: Context) -> Result:
        """Score every claim with every checker."""
        folder = context.folder()
        fitting = context.sample(grounding.read(folder, "summedits"), 600)
        measured = {name: context.sample(grounding.read(folder, name), 600) for name in _NAMES}
        figures: list[Figure] = []
        for label, score in _CHECKERS.items():
            fitted = selection.best_threshold(*_scored(context, score, fitting, f"{label} on summedits"))
            for name, claims in measured.items():
                scores, labels = _scored(context, score, claims, f"{label} on {name}")
                threshold = selection.best_threshold(scores, labels) if label == _FLOOR else fitted
                figures += _figures(f"{self.name}.{name}.{label}", scores, labels, threshold)
        by_name = {figure.name: figure for figure in figures}
        return Result(
            suite=self.name,
            figures=tuple(figures),
            charts=tuple(
                Bars(
                    title=f"{name}: AUC of each checker (0.5 is chance)",
                    labels=tuple(_CHECKERS),
                    figures=tuple(by_name[f"{self.name}.{name}.{label}.auc"] for label in _CHECKERS),
                )
                for name in _NAMES
            ),
            notes=(
                "bigrams: share of word pairs that stand in the source. A checker that does not beat it is none.",
                "verbatim: what a `verbatim` verdict proves. It is exact about copies and blind to everything else.",
                "Thresholds are fitted on SummEdits, which is not measured on; the floor has its best in hindsight.",
            ),
            sample=", ".join(f"{len(claims):,} of {name}" for name, claims in measured.items()),
            data=folder.files,
        )


def _scored(context: Context, checker: Checker, claims: list[Claim], label: str) -> tuple[list[float], list[float]]:
    scores = [checker(claim.text, claim.source) for claim in context.track(claims, f"grounding: {label}", len(claims))]
    return scores, [float(claim.supported) for claim in claims]


def _figures(name: str, scores: list[float], labels: list[float], threshold: float) -> list[Figure]:
    auc = statistic_interval(selection.auroc, scores, labels)
    balanced = statistic_interval(lambda s, p: selection.balanced_accuracy(s, p, threshold), scores, labels)
    return [
        Figure(name=f"{name}.{what}", value=value, low=low, high=high, count=len(scores))
        for what, (value, low, high) in (("auc", auc), ("balanced_accuracy", balanced))
    ]


def _bigrams(text: str) -> list[tuple[str, str]]:
    words = _WORD.findall(text.lower())
    return list(pairwise(words))
