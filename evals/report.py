"""A run as something to look at: one HTML file that needs no network and no script, and JSON beside it."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from evals.baseline import Judgement
from evals.plots import draw
from evals.published import PUBLISHED
from evals.result import Failure, Figure, Result, Run

TEMPLATE = Path(__file__).with_name("report.html")
WORST = 20


def write(run: Run, judgements: Sequence[Judgement], faults: Sequence[str], folder: Path) -> Path:
    """Write ``report.html`` and ``report.json`` into a folder, made when missing; the HTML file's path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(run.model_dump_json(indent=2) + "\n", encoding="utf-8")
    path = folder / "report.html"
    path.write_text(render(run, judgements, faults), encoding="utf-8")
    return path


def render(run: Run, judgements: Sequence[Judgement], faults: Sequence[str]) -> str:
    """The whole page."""
    by_name = {judgement.figure.name: judgement for judgement in judgements}
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=f"Evaluation of {run.started[:10]}",
        meta=_meta(run),
        verdict=_verdict(judgements, faults),
        cards="".join(_card(by_name[f.name]) for r in run.results for f in r.figures if f.headline),
        published=_published(run),
        suites="".join(_suite(result, by_name) for result in run.results),
        misses=_misses([(result.suite, failure) for result in run.results for failure in result.failures]),
        versions=_versions(run),
    )


def spoken(name: str) -> str:
    """A figure's name for people: ``squad.citations_exact`` as “squad · citations exact”."""
    return name.replace("_", " ").replace(".", " · ")


def number(value: float) -> str:
    """Three decimals, as the field prints shares."""
    return f"{value:.3f}"


def _meta(run: Run) -> str:
    machine = run.machine
    return (
        f"{escape(run.started)} · <code>{escape(run.command)}</code> · {_time(run.seconds)} on {machine.cores} cores "
        f"({escape(machine.cpu)}, {machine.memory_gb:.0f} GB)"
    )


def _verdict(judgements: Sequence[Judgement], faults: Sequence[str]) -> str:
    if faults:
        lines = "".join(f"<li>{escape(fault)}</li>" for fault in faults)
        return f'<section class="verdict shut"><strong>The gate is shut.</strong><ul>{lines}</ul></section>'
    held = sum(j.verdict == "passes" for j in judgements)
    unknown = len(judgements) - held
    rest = f" For {unknown} there is no baseline for this configuration." if unknown else ""
    return f'<section class="verdict"><strong>{held} figures hold their bounds.</strong>{rest}</section>'


def _card(judgement: Judgement) -> str:
    figure = judgement.figure
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    marks = ""
    if 0 <= low <= high <= 1:
        marks = (
            f'<div class="range"><i style="left:{low:.1%};right:{1 - high:.1%}"></i>'
            f'<b style="left:{figure.value:.1%}"></b></div>'
        )
    interval = f"{number(low)} – {number(high)} · " if figure.low is not None else ""
    return (
        f'<div class="card"><div class="name">{escape(spoken(figure.name))}</div>'
        f'<div class="number">{number(figure.value)}</div>{marks}'
        f'<div class="sub">{interval}n = {figure.count:,}{_change(judgement, " · ")}</div></div>'
    )


def _change(judgement: Judgement, before: str = "") -> str:
    change = judgement.change
    if change is None:
        return ""
    if abs(change) < 5e-4:
        return "" if before else "unchanged"
    gained = (change > 0) == (judgement.figure.better == "higher")
    return f'{before}<span class="{"up" if gained else "down"}">{change:+.3f}</span>'


def _published(run: Run) -> str:
    ours = {figure.name: (figure, result) for result in run.results for figure in result.figures}
    rows = []
    for published in PUBLISHED:
        if published.figure in ours:
            figure, result = ours[published.figure]
            rows.append(
                [spoken(figure.name), _with_interval(figure), escape(result.sample), escape(published.system),
                 number(published.value), escape(published.on)]
            )  # fmt: skip
    if not rows:
        return ""
    heads = ("figure", "ours", "measured on", "published", "n:value", "on")
    return f"<h2>Beside published figures</h2>{_table(heads, rows)}"


def _suite(result: Result, judgements: dict[str, Judgement]) -> str:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in result.notes)
    title = f'<h2 id="{escape(result.suite)}">{escape(spoken(result.suite))}</h2>'
    if result.status != "measured":
        return f'{title}<p class="tag">{escape(result.status)}</p>{notes}'
    facts = f'<p class="meta">{escape(result.sample)} · {result.skipped} skipped · {_time(result.seconds)}</p>'
    if result.library:
        facts += f'<p class="meta">Links: <code>assistant serve --library {escape(result.library)}</code></p>'
    charts = "".join(f"<figure><figcaption>{escape(c.title)}</figcaption>{draw(c)}</figure>" for c in result.charts)
    rows = []
    for figure in result.figures:
        judgement = judgements[figure.name]
        bound = "" if judgement.bound is None else number(judgement.bound)
        rows.append(
            [escape(spoken(figure.name.removeprefix(result.suite + "."))), _with_interval(figure), f"{figure.count:,}",
             "↑" if figure.better == "higher" else "↓", bound, _change(judgement), _word(judgement)]
        )  # fmt: skip
    heads = ("figure", "value, 95 % interval", "n:n", "better", "n:bound", "n:change", "gate")
    table = _table(heads, rows, [judgements[f.name].verdict == "fails" for f in result.figures])
    return f'{title}{facts}{notes}<div class="charts">{charts}</div>{table}'


def _word(judgement: Judgement) -> str:
    style = {"passes": "up", "fails": "down", "no baseline": "soft"}[judgement.verdict]
    return f'<span class="{style}">{judgement.verdict}</span>'


def _with_interval(figure: Figure) -> str:
    value = f"<strong>{number(figure.value)}</strong>"
    if figure.low is None or figure.high is None:
        return value
    return f'{value} <span class="soft">{number(figure.low)} – {number(figure.high)}</span>'


def _misses(failures: list[tuple[str, Failure]]) -> str:
    if not failures:
        return ""
    worst = sorted(failures, key=lambda one: (-one[1].badness, one[1].question))[:WORST]
    items = "".join(_miss(suite, failure) for suite, failure in worst)
    lead = f"{len(worst)} of {len(failures):,} that went wrong, the most confident first. Links open the highlighted "
    lead += "characters while <code>assistant serve</code> runs on the suite's library."
    return f'<h2 id="worst">Where it fails</h2><p class="meta">{lead}</p><div class="misses">{items}</div>'


def _miss(suite: str, failure: Failure) -> str:
    link = f' <a href="{escape(failure.link)}">show</a>' if failure.link and re.match("https?://", failure.link) else ""
    return (
        f'<div class="miss"><h3>{escape(failure.question)}</h3>'
        f'<p class="tag">{escape(suite)} · {escape(failure.why)}</p><dl>'
        f'<dt>found</dt><dd class="found">{escape(failure.found)}{link}</dd>'
        f'<dt>wanted</dt><dd class="wanted">{escape(failure.wanted)}</dd></dl></div>'
    )


def _versions(run: Run) -> str:
    files = {name: digest for result in run.results for name, digest in result.data.items()}
    rows = [[escape(k), f"<code>{escape(v)}</code>"] for k, v in sorted(run.configuration.items())]
    rows += [[escape(name), escape(version)] for name, version in sorted(run.machine.versions.items())]
    data = [[escape(name), f"<code>{escape(digest)}</code>"] for name, digest in sorted(files.items())]
    return (
        f"<h2>What was measured, with what</h2>{_table(('configuration', ''), rows)}"
        f"<details open><summary>sha256 of the data</summary>{_table(('file', 'sha256'), data)}</details>"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], marked: Sequence[bool] | None = None) -> str:
    classes = ['class="n"' if head.startswith("n:") else "" for head in heads]
    top = "".join(f"<th {c}>{h.removeprefix('n:')}</th>" for c, h in zip(classes, heads, strict=True))
    body = ""
    for i, row in enumerate(rows):
        cells = "".join(f"<td {c}>{cell}</td>" for c, cell in zip(classes, row, strict=True))
        body += f"<tr{' class=fails' if marked and marked[i] else ''}>{cells}</tr>"
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
