"""``python -m evals.compare RUNS…``: a Markdown table of the figures of saved runs, a column for each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.result import Figure, Run

ROWS = (
    (
        "SQuAD 2.0, gold paragraph, answerable, abstention overruled: exact match",
        "reading.exact_match_answerable_forced",
    ),
    ("the same: F1", "reading.f1_answerable_forced"),
    ("SQuAD 2.0, 320 paragraphs: MRR@10 of the gold paragraph", "answering-paragraphs.RR@10"),
    ("the same: a cited sentence holds the answer, abstention overruled", "answering-paragraphs.right_if_all_answered"),
    ("the same: AUROC of the confidence, answerable or not", "answering-paragraphs.answerable.auroc"),
    ("the same: answerable questions answered rightly", "answering-paragraphs.answered_rightly"),
    ("the same: unanswerable questions not answered", "answering-paragraphs.abstained_rightly"),
    ("SQuAD 2.0, whole pages: AUROC of the confidence, answerable or not", "answering-squad.answerable.auroc"),
    ("the same: answerable questions answered rightly", "answering-squad.answered_rightly"),
    ("the same: unanswerable questions not answered", "answering-squad.abstained_rightly"),
    ("the same in the calibration's mix (80/10/10): right when it answers", "answering-squad.mix.right_when_answering"),
    ("the same: share answered", "answering-squad.mix.coverage"),
    ("the same: AUROC of the confidence", "answering-squad.mix.auroc"),
    ("the same: expected calibration error", "answering-squad.mix.calibration_error"),
    ("reworded questions, each of its own paragraph: answered rightly", "answering-reworded.answered_rightly.reworded"),
    ("the same as they were written", "answering-reworded.answered_rightly.written"),
    ("reworded minus as written, abstention overruled, paired", "answering-reworded.difference"),
    ("NewsQA, own article alone: a cited sentence holds the answer", "answering-newsqa.right_if_all_answered"),
    ("the same: right when it answers", "answering-newsqa.right_when_answering"),
    ("the same: share answered", "answering-newsqa.coverage"),
    ("MTRAG-UN, last turns: AUROC of the confidence, answerable or not", "conversations.answerable.auroc"),
    ("the same: answerable ones answered from their own passages", "conversations.answered_rightly"),
    ("the same: unanswerable ones not answered", "conversations.abstained_rightly"),
    ("CLAPNQ: AUROC of the confidence, answerable or not", "answering-clapnq.answerable.auroc"),
    ("the same: F1 of the cited characters, abstention overruled", "answering-clapnq.cited_f1"),
    ("the same: right when it answers", "answering-clapnq.right_when_answering"),
    ("the same: share answered", "answering-clapnq.coverage"),
    ("Twins: what the passage says of one thing, answered rightly", "twins.answered_rightly"),
    ("the same of the other, of which it does not say it: not answered", "twins.abstained_rightly"),
    ("Seed article: answered rightly", "seed.answered_rightly"),
    ("the same: what it does not say, not answered", "seed.abstained_rightly"),
    ("the same: AUROC of the confidence, answerable or not", "seed.answerable.auroc"),
)


def main(
    runs: Annotated[list[Path], typer.Argument(help="Runs that `assistant eval --save` kept, or folders of them.")],
) -> None:
    """Print the table."""
    typer.echo(table([_figures(path) for path in runs], [path.stem for path in runs]))


def table(runs: Sequence[Mapping[str, Figure]], names: Sequence[str]) -> str:
    """Return a table with a row for each figure that any of the runs has, and a column for each run."""
    rows = [
        " | ".join([f"| {what}", *(_value(run[name]) if name in run else "" for run in runs)]) + " |"
        for what, name in ROWS
        if any(name in run for run in runs)
    ]
    return "\n".join([" | ".join(["| what", *names]) + " |", "|---" * (len(names) + 1) + "|", *rows])


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
