"""``python -m training.fit_entailment``: fits the entailment model; writes ``assistant/grounding/entailment.json``.

Reads ``squad2_calibrate8`` and ``squadshifts_*`` from the folder that ``ASSISTANT_EVAL_DATA`` names, and generates
supported and unsupported claims by rule (``evals.data.corruptions``). The measure-only files are never read. Weights
are bounded at zero, so that no feature can count against its meaning.
"""

import sys
from random import Random

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from assistant.grounding.entailment import (
    MODEL_FILE,
    EntailmentModel,
    best_window,
    entailment_features,
    entailment_model,
    passes_rules,
)
from assistant.reading.logistic import Logistic
from embeddings.text.sentences import sentence_spans
from evals.data import corruptions, squad
from evals.data.collection import Folder
from evals.errors import DataMissing
from evals.metrics.selection import auroc

FILES = {"squad2_calibrate8": 320, "squadshifts_new_wiki": 300, "squadshifts_amazon": 150, "squadshifts_reddit": 150}
LONGEST = 6  # paragraphs of one text
CLAIMS = 6  # per text
FOR = ("names_act", "order")  # features that support a claim; the others count against it
FOLDS = 5

Floats = NDArray[np.float64]
RIDGE = 1000.0  # strong, so that no feature decides alone: on natural sentences the rules err too
PASSING = 0.03  # share of the corrupted claims that may pass; with the rules alone, hardly more do


def main() -> None:
    """Fit the model, choose its threshold out of fold, and write the file."""
    folder, chance = Folder.from_environment(), Random(0)  # noqa: S311  a fixed sample, not a secret
    try:
        texts = [text for name, most in FILES.items() for text in _texts(folder, f"{name}.json.gz", most, chance)]
    except DataMissing as error:
        sys.exit(str(error))
    rows, labels, groups, allowed = [], [], [], []
    names: list[str] = []
    for group, text in enumerate(track(texts, "claims")):
        source = [span.cut(text) for span in sentence_spans(text)]
        made = list(corruptions.claims(text, chance.choice(texts), str(group), chance))
        for claim in chance.sample(made, min(CLAIMS, len(made))):
            cited = " ".join(source[slice(*best_window(claim.text, source))])
            found = entailment_features(claim.text, cited)
            names = list(found)
            rows.append(list(found.values()))
            allowed.append(passes_rules(claim.text, cited))
            labels.append(claim.supported)
            groups.append(group % FOLDS)
    x, y, fold = np.array(rows), np.array(labels), np.array(groups)
    score = np.zeros(len(y))
    for i in range(FOLDS):
        model = _fit(names, x[fold != i], y[fold != i])
        score[fold == i] = [model.probability(dict(zip(names, row, strict=True))) for row in x[fold == i].tolist()]
    law = np.array(allowed)
    threshold = float(np.quantile(np.where(law, score, 0)[~y], 1 - PASSING).round(3))
    passed = law & (score >= threshold)
    support = EntailmentModel(
        model=_fit(names, x, y),
        threshold=threshold,
        network_threshold=entailment_model().network_threshold,  # chosen on other pairs
        contradiction_threshold=entailment_model().contradiction_threshold,
        made_from={
            "claims": len(y),
            "supported": int(y.sum()),
            "auroc_out_of_fold": round(auroc(score, y), 4),
            "supported_that_pass": round(float(passed[y].mean()), 4),
            "corrupted_that_pass": round(float(passed[~y].mean()), 4),
            **folder.files,
        },
    )
    MODEL_FILE.write_text(support.model_dump_json(indent=1) + "\n", encoding="utf-8")
    Console().print(support)


def _texts(folder: Folder, file: str, most: int, chance: Random) -> list[str]:
    """Return a sample of at most ``most`` texts, each of one to ``LONGEST`` consecutive paragraphs."""
    runs = []
    for article in squad.pages(folder, file).articles:
        paragraphs = article.text.split("\n\n")
        size = chance.randint(1, LONGEST)
        runs += ["\n\n".join(paragraphs[i : i + size]) for i in range(0, len(paragraphs), size)]
    return chance.sample(runs, min(most, len(runs)))


def _fit(names: list[str], x: Floats, y: NDArray[np.bool_]) -> Logistic:
    """Fit a logistic regression with an L2 penalty, each weight bounded to the sign that its feature should have."""
    mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-9
    z, sign = (x - mean) / deviation, np.where(y, 1.0, -1.0)

    def loss(beta: Floats) -> tuple[float, Floats]:
        margin = sign * (z @ beta[1:] + beta[0])
        slope = -sign / (1 + np.exp(margin))
        gradient = np.concatenate([[slope.sum()], z.T @ slope + RIDGE * beta[1:]])
        return float(np.logaddexp(0, -margin).sum() + 0.5 * RIDGE * (beta[1:] ** 2).sum()), gradient

    bounds = [(None, None), *((0, None) if name in FOR else (None, 0) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = found[1:] / deviation
    return Logistic(
        bias=round(float(found[0] - weights @ mean), 4),
        weights={name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    )


if __name__ == "__main__":
    main()
