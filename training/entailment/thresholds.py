"""``python -m training.entailment.thresholds``: chooses the checker's thresholds on the pairs of a split."""

import numpy as np
from rich.console import Console

from assistant.grounding.contradiction import contradiction_score
from assistant.grounding.entailment import THRESHOLDS_FILE, Checker, Thresholds, ThresholdsOfNetworks
from assistant.grounding.windows import window_texts
from assistant.settings import ReaderName
from evals.data.collection import SHIPPED, json_lines

_PASSING = 1  # of the 50 false pairs
_NONE = Thresholds(supported=1e-9, contradicted=1e-9)
_LEAST = 0.95  # probability with which a sentence is contradicted
_CHOSEN_ON = (
    "evals/datasets/checker.jsonl, split choose: one of its 50 false pairs passes, and none of its 50 true "
    "pairs is contradicted"
)


def choose(name: ReaderName) -> Thresholds:
    """Return the thresholds of the checker that goes with a reader.

    That of supported sentences is in the middle between the likeliest false pair that is barred and the next true one.
    """
    checker = Checker.choose(name).with_thresholds(_NONE)
    pairs = [row for row in json_lines(SHIPPED / "checker.jsonl") if row["split"] == "choose"]
    false, true = ([row for row in pairs if row["supported"] is supported] for supported in (False, True))
    barred = sorted(support_of_pair(checker, row["claim"], row["source"]) for row in false)[-1 - _PASSING]
    kept = min(score for row in true if (score := support_of_pair(checker, row["claim"], row["source"])) > barred)
    contradicted = max(contradiction_score(row["claim"], row["source"], checker) or 0.0 for row in true)
    return Thresholds(supported=round((barred + kept) / 2, 4), contradicted=max(_above(contradicted), _LEAST))


def support_of_pair(checker: Checker, claim: str, source: str) -> float:
    """Return how well the best window of a source supports a claim; 0 if none does."""
    return max(score or 0.0 for score in checker.support(claim, window_texts(claim, source)))


def _above(value: float) -> float:
    """Return the next of ten thousandths above a value."""
    return float(np.floor(value * 10_000 + 1) / 10_000)


if __name__ == "__main__":
    found = ThresholdsOfNetworks(small=choose("small"), careful=choose("careful"), chosen_on=_CHOSEN_ON)
    THRESHOLDS_FILE.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    Console().print(found)
