"""``python -m evals.compare BEFORE AFTER``: a Markdown table of the figures of two saved runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from evals.result import Figure, Run

ROWS = (
    ("SQuAD 2.0, gold paragraph, answerable: exact match", "reading.exact_match_answerable_forced"),
    ("SQuAD 2.0, gold paragraph, answerable: F1", "reading.f1_answerable_forced"),
    ("SQuAD 2.0, gold paragraph, abstention counted: F1", "reading.f1"),
    ("SQuAD paragraphs: MRR@10 of the gold paragraph", "answering-paragraphs.RR@10"),
    ("SQuAD paragraphs: a cited sentence holds the answer", "answering-paragraphs.right_if_all_answered"),
    ("SQuAD paragraphs: AUROC of the confidence", "answering-paragraphs.auroc"),
    ("SQuAD pages, calibration's mix: AUROC of the confidence", "answering-squad.mix.auroc"),
    ("SQuAD pages, calibration's mix: expected calibration error", "answering-squad.mix.calibration_error"),
    ("SQuAD pages, calibration's mix: right when it answers", "answering-squad.mix.right_when_answering"),
    ("SQuAD pages, calibration's mix: coverage", "answering-squad.mix.coverage"),
    ("SQuAD pages, its own mix: right when it answers", "answering-squad.right_when_answering"),
    ("SQuAD pages, its own mix: coverage", "answering-squad.coverage"),
    ("SQuAD pages, its own mix: expected calibration error", "answering-squad.calibration_error"),
    ("CLAPNQ: AUROC, answerable against unanswerable", "answering-clapnq.answerable.auroc"),
    ("CLAPNQ: F1 of the cited characters", "answering-clapnq.cited_f1"),
    ("SciFact, a sample of its abstracts: nDCG@10 of an answer's passages", "retrieval-scifact.answering.nDCG@10"),
    ("Seed article: answered rightly", "seed.answered_rightly"),
    ("Seed article: abstained rightly", "seed.abstained_rightly"),
    ("Seed article: AUROC of the confidence", "seed.auroc"),
)


def main(
    before: Annotated[Path, typer.Argument(help="A run that `assistant eval --save` kept, or a folder of them.")],
    after: Annotated[Path, typer.Argument(help="Another one.")],
) -> None:
    """Print the table."""
    typer.echo(table(_figures(before), _figures(after)))


def table(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> str:
    """Return a table with a row for each figure that both runs have."""
    rows = [
        f"| {what} | {_value(before[name])} | {_value(after[name])} |"
        for what, name in ROWS
        if name in before and name in after
    ]
    return "\n".join(["| what | before | after |", "|---|---|---|", *rows])


def _figures(path: Path) -> dict[str, Figure]:
    """Return the figures of a file, or of all files of a folder, by name. Later files override earlier ones."""
    paths = sorted(path.glob("*.json")) if path.is_dir() else [path]
    runs = [Run.model_validate_json(path.read_text(encoding="utf-8")) for path in paths]
    return {figure.name: figure for run in runs for result in run.results for figure in result.figures}


def _value(figure: Figure) -> str:
    interval = "" if figure.low is None or figure.high is None else f" ({figure.low:.3f} – {figure.high:.3f})"
    return f"{figure.value:.3f}{interval}"


if __name__ == "__main__":
    typer.run(main)
