"""The README's quality section, made from the kept results, so that it says what was measured and nothing else."""

from collections.abc import Iterable
from pathlib import Path

from evals.errors import EvalError
from evals.published import PUBLISHED
from evals.result import Figure, Result, Run

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
START, END = "<!-- quality:start -->", "<!-- quality:end -->"

_CAVEATS = (
    "Published SQuAD figures are of readers that were trained on the 130,000 questions of SQuAD 2.0. Ours is smaller, "
    "was trained on 26,000 questions, 2,000 of them of SQuAD (other pages than these), and abstains at an accepted "
    "risk rather than where exact match is highest. Passages of 254 tokens hold more than the excerpts that are "
    "wanted, so their intersection over union is low beside smaller chunks. What a small language model writes was "
    "read sentence by sentence and is kept in `evals/results/generative-read.jsonl`; the suite `generative` asks "
    "the model first where its replies are not kept, which they were in the run below and which takes half an hour. "
    "Suites other than `seed`, `exact`, `attacks` and `followups` need the data that `ASSISTANT_EVAL_DATA` names."
)

_ROWS = (
    ("Citations that are exact, character by character", "seed.citations_exact"),
    ("Seed article: answered or abstained rightly", "seed.handled_well"),
    ("Seed article: right when it answers", "seed.right_when_answering"),
    ("Near copies told apart by one code, number or name", "exact.first"),
    ("Attacks withstood", "attacks.withstood"),
    ("Follow-ups over what ships: the right passage first", "followups.filled_in.first"),
    ("… without reading the turns before", "followups.as_asked.first"),
    ("Follow-ups over news: the right passage first among a thousand articles", "followups-reuters.filled_in.first"),
    ("… without reading the turns before", "followups-reuters.as_asked.first"),
    ("Questions over news that stand alone, left as they are", "followups-reuters.left_alone"),
    ("SciFact: nDCG@10", "retrieval-scifact.fused.nDCG@10"),
    ("SQuAD paragraphs: MRR@10 of search", "retrieval-squad.fused.RR@10"),
    ("SQuAD paragraphs: MRR@10 of an answer's passages", "answering-paragraphs.RR@10"),
    (
        "SQuAD paragraphs: a cited sentence holds the answer, abstentions overruled",
        "answering-paragraphs.right_if_all_answered",
    ),
    (
        "SQuAD 2.0, gold paragraph: exact match of the short answer, abstentions overruled",
        "reading.exact_match_answerable_forced",
    ),
    ("SQuAD 2.0, gold paragraph: F1 of the short answer, abstentions overruled", "reading.f1_answerable_forced"),
    ("SQuAD 2.0, half of it written to look answerable: right when it answers", "answering-squad.right_when_answering"),
    ("SQuAD 2.0, the same: share of the questions that it answers", "answering-squad.coverage"),
    (
        "SQuAD 2.0 in the calibration's mix (80/10/10): right when it answers",
        "answering-squad.mix.right_when_answering",
    ),
    ("SQuAD 2.0 in that mix: share of the questions that it answers", "answering-squad.mix.coverage"),
    ("SQuAD 2.0 in that mix: AUROC of the confidence", "answering-squad.mix.auroc"),
    ("SQuAD 2.0 in that mix: expected calibration error", "answering-squad.mix.calibration_error"),
    ("CLAPNQ: right when it answers", "answering-clapnq.right_when_answering"),
    ("CLAPNQ: AUROC of the confidence, answerable or not", "answering-clapnq.answerable.auroc"),
    ("Excerpts of long documents: characters cited that are wanted", "spans.cited.precision"),
    ("A small language model writes: sentences that nothing supports", "generative.read.unsupported_written"),
    ("… of those, what leaves", "generative.read.unsupported_left"),
    ("… of the supported ones, what is lost", "generative.read.supported_lost"),
    ("QAGS, news summaries: AUC of the support score", "grounding.qags.checker.auc"),
    ("… of the share of word pairs that stand in the source", "grounding.qags.bigrams.auc"),
    ("SummEval, news summaries: AUC of the support score", "grounding.summeval.checker.auc"),
    ("… of the share of word pairs", "grounding.summeval.bigrams.auc"),
)


def section(runs: Iterable[Run]) -> str:
    """The section's Markdown, from runs in the order in which a later one replaces an earlier one's suites."""
    results: dict[str, tuple[Run, Result]] = {}
    for run in runs:
        results |= {result.suite: (run, result) for result in run.results if result.status == "measured"}
    figures = {figure.name: (figure, result) for _, result in results.values() for figure in result.figures}
    parts = [
        "| what | value | 95 % interval | measured on |\n|---|---|---|---|\n"
        + "\n".join(
            f"| {what} | **{figures[name][0].value:.3f}** | {_interval(figures[name][0])} | {figures[name][1].sample} |"
            for what, name in _ROWS
            if name in figures
        )
    ]
    beside = [p for p in PUBLISHED if p.figure in figures]
    if beside:
        parts.append(
            "| published | theirs | on | ours | 95 % interval | on |\n|---|---|---|---|---|---|\n"
            + "\n".join(
                f"| {p.system} | {p.value:.3f} | {p.on} | **{figures[p.figure][0].value:.3f}** "
                f"(`{p.figure}`) | {_interval(figures[p.figure][0])} | {figures[p.figure][1].sample} |"
                for p in beside
            )
        )
        parts.append(_CAVEATS)
    used = {id(run): run for run, _ in results.values()}
    parts.append("\n".join(_provenance(run) for run in used.values()))
    return "\n\n".join(parts)


def kept() -> list[Run]:
    """The runs in ``evals/results``, by file name."""
    return [Run.model_validate_json(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]


def written(text: str, runs: Iterable[Run]) -> str:
    """The README's text with the section between its two comments replaced.

    Raises:
        EvalError: the comments are not there.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise EvalError(
            "The README has no place for the quality section.",
            expected=f"{START} and {END} in README.md",
            got="one of them is missing",
            hint="Put both comments where the section belongs.",
        )
    return f"{before}{START}\n\n{section(runs)}\n\n{END}{after}"


def write(path: Path = ROOT / "README.md") -> None:
    """Write the section into the README."""
    path.write_text(written(path.read_text(encoding="utf-8"), kept()), encoding="utf-8")


def _interval(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.3f} – {figure.high:.3f}"


def _provenance(run: Run) -> str:
    machine = run.machine
    suites = ", ".join(result.suite for result in run.results if result.status == "measured")
    return (
        f"`{run.command}`, {run.started[:10]}, {run.seconds / 60:.1f} minutes on {machine.cores} cores "
        f"({machine.cpu}, {machine.memory_gb:.0f} GB), Python {machine.python}: {suites}."
    )
