"""``python -m training.headings``: fits how likely a question that an article asks is the one that the user asks.

Reads ``evals/datasets/asked_headings.jsonl``: it is fitted to the split ``choose``, and the figures are of the split
``report``. Half of the questions there were written to ask something else than any heading; that is one in five in the
mix here.
"""

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from assistant.answering.heading_match import MODEL_FILE, HeadingModel, TitledHeading, heading_features
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.reading.logistic import Features, Logistic
from embeddings.encoder import load_encoder
from evals.data.collection import SHIPPED, json_lines
from training.confidence import fit_logistic

OTHER_SHARE = 0.2  # of questions that no heading asks
_LEAST = 0.6  # probability, for the figures; about that of an answer's confidence


def main() -> None:
    """Fit the model and write it."""
    encoder = load_encoder()
    vectors = SentenceVectors(encoder)
    splits: dict[str, list[tuple[list[Features], int | None]]] = {"choose": [], "report": []}
    for row in json_lines(SHIPPED / "asked_headings.jsonl"):
        headings = [TitledHeading(**one) for one in row["headings"]]
        splits[row["split"]].append((heading_features(row["question"], headings, vectors), row["asked"]))
    same = _fit(splits["choose"])
    figures = {
        f"{split}_{name}": value for split, rows in splits.items() for name, value in _figures(rows, same).items()
    }
    data = "asked_headings.jsonl, works of the United States government and CC BY 4.0"
    model = HeadingModel(encoder=encoder.fingerprint.revision, same=same, made_from={"data": data, **figures})
    MODEL_FILE.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
    Console().print(model.made_from, same)


def _fit(rows: Sequence[tuple[list[Features], int | None]]) -> Logistic:
    asks = np.array([asked is not None for _, asked in rows])
    weights = np.where(asks, 1.0, OTHER_SHARE / (1 - OTHER_SHARE) * asks.sum() / (~asks).sum())
    return fit_logistic(
        [one for features, _ in rows for one in features],
        np.array([i == asked for features, asked in rows for i in range(len(features))]),
        np.repeat(weights, [len(features) for features, _ in rows]),
    )


def _figures(rows: Sequence[tuple[list[Features], int | None]], same: Logistic) -> dict[str, float]:
    """Return of the questions that a heading asks how many find it, and of all others how many find one."""
    found = [max(range(len(features)), key=lambda i: same.log_odds(features[i])) for features, _ in rows]
    counts = [same.probability(features[i]) >= _LEAST for (features, _), i in zip(rows, found, strict=True)]
    right = [counted and i == asked for counted, i, (_, asked) in zip(counts, found, rows, strict=True)]
    others = [counted for counted, (_, asked) in zip(counts, rows, strict=True) if asked is None]
    return {
        "found": round(sum(right) / (len(rows) - len(others)), 4),
        "right_when_found": round(sum(right) / sum(counts), 4),
        "found_though_none_asks_it": round(sum(others) / len(others), 4),
    }


if __name__ == "__main__":
    main()
