"""The grounding suite: the checker that decides whether a source supports a sentence, compared with two baselines."""

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from assistant.grounding.entailment import Checker
from assistant.grounding.windows import window_texts
from assistant.settings import Settings
from embeddings.text.sentences import sentence_spans
from evals.context import Context
from evals.data import grounding
from evals.data.grounding import Claim, Name
from evals.metrics import selection
from evals.metrics.intervals import statistic_interval
from evals.result import Bars, Figure, SuiteResult

_NAMES: tuple[Name, ...] = ("qags", "summeval")
_WORD = re.compile(r"\w+")


def bigram_overlap(sentence: str, source: str) -> float:
    """Return the share of the sentence's bigrams that occur in the source: ROUGE-2 precision (Lin 2004)."""
    pairs = _bigrams(sentence)
    in_source = set(_bigrams(source))
    return sum(pair in in_source for pair in pairs) / len(pairs) if pairs else 0.0


def verbatim(sentence: str, source: str) -> float:
    """Return 1.0 if the sentence occurs in the source character by character, else 0.0."""
    return float(sentence.strip() in source)


class Scorer(NamedTuple):
    """A score of a sentence given its source, and the threshold; None for the best threshold in hindsight."""

    score: Callable[[str, str], float]
    threshold: float | None


def support_probability(checker: Checker, text: str, source: str) -> float:
    """Return the probability that a source supports a text: of its least supported sentence, in its best window."""
    told = [span.cut(text) for span in sentence_spans(text)] or [text]
    return min(max(found.supported for found in checker.read(one, window_texts(one, source))) for one in told)


class GroundingSuite:
    """The AUC and balanced accuracy of the checker and two baselines on QAGS and SummEval."""

    name = "grounding"
    about = "whether the checker tells sentences that a source carries from those that it does not"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Score every claim with every checker."""
        folder = context.data_folder()
        checker = Checker.choose(Settings().reader)
        scorers = {
            "bigrams": Scorer(bigram_overlap, None),
            "verbatim": Scorer(verbatim, 1.0),
            "checker": Scorer(partial(support_probability, checker), checker.thresholds.supported),
        }
        measured = {name: context.sample(grounding.claims(folder, name), 600) for name in _NAMES}
        figures: list[Figure] = []
        for label, scorer in scorers.items():
            for name, claims in measured.items():
                scores, labels = _scored(context, scorer, claims, f"{label} on {name}")
                best = selection.best_threshold(scores, labels)
                threshold = best if scorer.threshold is None else scorer.threshold
                figures += _figures(f"{self.name}.{name}.{label}", scores, labels, threshold)
        by_name = {figure.name: figure for figure in figures}
        return SuiteResult(
            suite=self.name,
            figures=tuple(figures),
            charts=tuple(
                Bars(
                    title=f"{name}: AUC of each checker (0.5 is chance)",
                    labels=tuple(scorers),
                    figures=tuple(by_name[f"{self.name}.{name}.{label}.auc"] for label in scorers),
                )
                for name in _NAMES
            ),
            notes=(
                "bigrams: share of word pairs that stand in the source. A checker that does not beat it is none.",
                "verbatim: what a `verbatim` verdict proves. It is exact about copies and blind to everything else.",
                "checker: the network's probability of support, without comparing facts; its threshold is in use.",
                "The floor has the best threshold in hindsight.",
            ),
            sample=", ".join(f"{len(claims):,} of {name}" for name, claims in measured.items()),
            data=folder.files,
        )


def _scored(context: Context, scorer: Scorer, claims: list[Claim], label: str) -> tuple[list[float], list[float]]:
    scores = [
        scorer.score(claim.text, claim.source) for claim in context.track(claims, f"grounding: {label}", len(claims))
    ]
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
