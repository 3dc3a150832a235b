"""The report of a run: one HTML file without scripts or network access, and the run as JSON."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.baseline import Judgement
from evals.plots import draw
from evals.published import PUBLISHED
from evals.result import Run

WORST = 20  # the most failures that are shown


def write(run: Run, judgements: Sequence[Judgement], faults: Sequence[str], folder: Path) -> Path:
    """Write ``report.html`` and ``report.json`` into a folder, create it if necessary, and return the first's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(run.model_dump_json(indent=2) + "\n", encoding="utf-8")
    path = folder / "report.html"
    path.write_text(render(run, judgements, faults), encoding="utf-8")
    return path


def render(run: Run, judgements: Sequence[Judgement], faults: Sequence[str]) -> str:
    """Return the HTML page. All texts of the run are escaped."""
    measured = {figure.name: (figure, result.sample) for result in run.results for figure in result.figures}
    failures = [(result.suite, failure) for result in run.results for failure in result.failures]
    return _ENVIRONMENT.get_template("report.html").render(
        run=run,
        faults=faults,
        judgements={judgement.figure.name: judgement for judgement in judgements},
        headlines=[figure for figure, _ in measured.values() if figure.headline],
        published=[(theirs, *measured[theirs.figure]) for theirs in PUBLISHED if theirs.figure in measured],
        failures=sorted(failures, key=lambda one: (-one[1].badness, one[1].question)),
        worst=WORST,
        files={name: digest for result in run.results for name, digest in result.data.items()},
    )


def readable(name: str) -> str:
    """Return a figure's name for people: “squad · citations exact” for ``squad.citations_exact``."""
    return name.replace("_", " ").replace(".", " · ")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_ENVIRONMENT.filters |= {
    "readable": readable,
    "share": "{:.3f}".format,
    "percent": "{:.1%}".format,
    "thousands": "{:,}".format,
    "duration": _duration,
    "draw": draw,
}
