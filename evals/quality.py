"""The figures in the documentation, generated from saved runs: headlines in README, tables in ``docs/quality.md``."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from scipy.stats import binomtest

from evals.errors import EvalError
from evals.published import PUBLISHED
from evals.result import Figure, Run, SuiteResult

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"

_HEADLINES = (
    ("Citations that are exact, character by character", "seed.citations_exact"),
    ("Seed article, agency news, which it was not trained on: answered or abstained rightly", "seed.handled_well"),
    ("SQuAD 2.0, 1 question in 5 without an answer: right when it answers", "answering-squad.mix.right_when_answering"),
    ("The same: share of the questions that it answers", "answering-squad.mix.coverage"),
    ("Unsupported sentences of a small language model that reach an answer", "judged.unsupported_left"),
)

_CAVEATS = (
    "Published SQuAD figures are of readers that were trained on the 130,000 questions of SQuAD 2.0. Ours is the "
    "careful one, with 109 million parameters as large as BERT-base and three times as large as MiniLM-L12; the small "
    "one has 22 million. Both were trained on 82,000 questions, 16,000 of them of SQuAD (other pages than these), and "
    "abstain at an accepted risk rather than where exact match is highest. Passages of 254 tokens hold more than the "
    "excerpts that are wanted, so their intersection over union is low beside smaller chunks. What a small language "
    "model writes was read sentence by sentence and is kept in `evals/results/generative-read.jsonl`. Suites other "
    "than `seed`, `exact`, `twins`, `attacks`, `judged` and `followups` need the data that `ASSISTANT_EVAL_DATA` "
    "names."
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
    ("SQuAD 2.0, whole pages: answered questions that show a short answer", "answering-squad.short_answer_shown"),
    ("… of these, in agreement with an accepted answer", "answering-squad.short_answer_right"),
    ("NewsQA: answered questions that show a short answer", "answering-newsqa.short_answer_shown"),
    ("… of these, in agreement with an accepted answer", "answering-newsqa.short_answer_right"),
    ("CLAPNQ: right when it answers", "answering-clapnq.right_when_answering"),
    ("CLAPNQ: AUROC of the confidence, answerable or not", "answering-clapnq.answerable.auroc"),
    ("Excerpts of long documents: characters cited that are wanted", "spans.cited.precision"),
    ("A small language model writes: sentences that nothing supports", "judged.unsupported_written"),
    ("… of those, what leaves", "judged.unsupported_left"),
    ("… of the supported ones, what is lost", "judged.supported_lost"),
    ("QAGS, news summaries: AUC of the support score", "grounding.qags.checker.auc"),
    ("… of the share of word pairs that stand in the source", "grounding.qags.bigrams.auc"),
    ("SummEval, news summaries: AUC of the support score", "grounding.summeval.checker.auc"),
    ("… of the share of word pairs", "grounding.summeval.bigrams.auc"),
)


def headlines(runs: Iterable[Run]) -> str:
    """Return README's table of headline figures."""
    return _table(_HEADLINES, _figures(_latest(runs)))


def tables(runs: Iterable[Run]) -> str:
    """Return the tables of ``docs/quality.md``: our figures, published ones for comparison, and the runs."""
    latest = _latest(runs)
    figures = _figures(latest)
    parts = [_table(_ROWS, figures)]
    small = _figures(_latest(read_results(RESULTS / "small")))
    beside = [p for p in PUBLISHED if p.figure in figures]
    if beside:
        parts.append(
            "| published | theirs | on | ours | 95 % interval | the small reader alone | on |\n"
            "|---|---|---|---|---|---|---|\n"
            + "\n".join(
                f"| {p.system} | {p.value:.3f} | {p.on} | **{figures[p.figure][0].value:.3f}** "
                f"(`{p.figure}`) | {_interval(figures[p.figure][0])} | "
                f"{f'{small[p.figure][0].value:.3f}' if p.figure in small else ''} | {figures[p.figure][1].sample} |"
                for p in beside
            )
        )
        parts.append(_CAVEATS)
    used = {id(run): run for run, _ in latest.values()}
    parts.append("\n".join(f"- {_provenance(run)}" for run in used.values()))
    return "\n\n".join(parts)


PAGES: dict[str, Callable[[Iterable[Run]], str]] = {"README.md": headlines, "docs/quality.md": tables}


def read_results(folder: Path = RESULTS) -> list[Run]:
    """Read the saved runs in a folder, in the order of their file names."""
    return [Run.model_validate_json(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def fill_section(text: str, name: str, content: str) -> str:
    """Return a page with ``content`` between the comments ``<!-- name:start -->`` and ``<!-- name:end -->``.

    Raises:
        EvalError: A comment is missing.
    """
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, found_start, rest = text.partition(start)
    _, found_end, after = rest.partition(end)
    if not found_start or not found_end:
        raise EvalError(
            f"The page has no place for {name}.",
            expected=f"{start} and {end}",
            got="one of them is missing",
            hint="Put both comments where it belongs.",
        )
    return f"{before}{start}\n\n{content}\n\n{end}{after}"


def write(root: Path = ROOT) -> None:
    """Write the figures into the pages of a clone of the repository.

    Raises:
        EvalError: A page is missing, or has no comments between which to write.
    """
    for name, make_content in PAGES.items():
        page = root / name
        if not page.is_file():
            raise EvalError(
                "The documentation is not beside the evals.",
                expected=f"{name} in {root}",
                got="no such file",
                hint="Run this in a clone of the repository.",
            )
        page.write_text(
            fill_section(page.read_text(encoding="utf-8"), "quality", make_content(read_results())), encoding="utf-8"
        )


def _latest(runs: Iterable[Run]) -> dict[str, tuple[Run, SuiteResult]]:
    """Return the last measured result of each suite, with its run."""
    results: dict[str, tuple[Run, SuiteResult]] = {}
    for run in runs:
        results |= {result.suite: (run, result) for result in run.results if result.status == "measured"}
    return results


def _figures(latest: dict[str, tuple[Run, SuiteResult]]) -> dict[str, tuple[Figure, SuiteResult]]:
    return {figure.name: (figure, result) for _, result in latest.values() for figure in result.figures}


def _table(rows: Sequence[tuple[str, str]], figures: dict[str, tuple[Figure, SuiteResult]]) -> str:
    return "| what | value | 95 % interval | measured on |\n|---|---|---|---|\n" + "\n".join(
        f"| {what} | **{figures[name][0].value:.3f}** | {_interval(figures[name][0])} | {figures[name][1].sample} |"
        for what, name in rows
        if name in figures
    )


def _interval(figure: Figure) -> str:
    """Return the interval. If all cases agree, the bootstrap interval is empty and the exact binomial one is used."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = figure.low, figure.high
    if low == high and figure.value in {0, 1}:
        low, high = binomtest(round(figure.value * figure.count), figure.count).proportion_ci(0.95, "exact")
    return f"{low:.3f} – {high:.3f}"


def _provenance(run: Run) -> str:
    machine = run.machine
    suites = ", ".join(result.suite for result in run.results if result.status == "measured")
    return (
        f"`{run.command}`, {run.started[:10]}, {run.seconds / 60:.1f} minutes on {machine.cores} cores "
        f"({machine.cpu}, {machine.memory_gb:.0f} GB){f' and one {machine.gpu}' if machine.gpu else ''}, "
        f"Python {machine.python}: {suites}."
    )
