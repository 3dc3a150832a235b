"""The baseline: which figures are expected, and whether a run meets them.

``baseline.json`` has two parts. ``always`` has bounds for every configuration: all citations are exact, the header is
never quoted, and the shipped questions are handled well enough. ``configurations`` has the accepted figures of each
suite with a fingerprint of its data, model and settings, and a bound for each figure: the worse end of its 95 %
interval when it was accepted. Other data or another model has another fingerprint, so it is never mistaken for a
regression.
"""

from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from evals.data.collection import fingerprint
from evals.result import Figure, Run, SuiteResult

PATH = Path(__file__).parent / "baseline.json"


class Accepted(BaseModel):
    """An accepted value, and the worst value that passes."""

    model_config = ConfigDict(extra="forbid")

    value: float
    bound: float


class Bound(BaseModel):
    """A bound for every configuration; ``why`` explains it to a person whose run fails."""

    model_config = ConfigDict(extra="forbid")

    least: float | None = None
    most: float | None = None
    why: str


class Baseline(BaseModel):
    """The content of ``baseline.json``."""

    model_config = ConfigDict(extra="forbid")

    always: dict[str, Bound] = {}
    configurations: dict[str, dict[str, Accepted]] = {}

    @classmethod
    def read(cls, path: Path = PATH) -> "Baseline":
        """Read the baseline; without a file, return an empty one."""
        return cls.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else cls()

    def write(self, path: Path = PATH) -> None:
        """Write the baseline with sorted keys, so that changes are readable in a diff."""
        ordered = self.model_copy(update={"configurations": dict(sorted(self.configurations.items()))})
        path.write_text(ordered.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")

    def accept(self, run: Run) -> "Baseline":
        """Return a baseline in which the run's figures are the accepted ones of its configuration."""
        accepted = {
            configuration_key(run, result): {
                figure.name: Accepted(value=figure.value, bound=_bound(figure)) for figure in result.figures
            }
            for result in run.results
            if result.status == "measured"
        }
        return self.model_copy(update={"configurations": self.configurations | accepted})


class Judgement(NamedTuple):
    """A figure compared with its bounds. ``expected`` is None if the configuration has no accepted value."""

    suite: str
    figure: Figure
    verdict: Literal["passes", "fails", "no baseline"]
    bound: float | None
    expected: float | None
    why: str

    @property
    def change(self) -> float | None:
        """The difference from the accepted value."""
        return None if self.expected is None else self.figure.value - self.expected


def configuration_key(run: Run, result: SuiteResult) -> str:
    """Return the key of what a suite's figures depend on besides the code: data, sample, model and settings."""
    parts = [f"{name}={value}" for name, value in sorted({**run.configuration, **result.data}.items())]
    return f"{result.suite}:{fingerprint([result.suite, result.sample, *parts])}"


def judge(run: Run, baseline: Baseline) -> list[Judgement]:
    """Compare every figure with its bounds: first those for every configuration, then the accepted one."""
    return [
        _judge(
            result, figure, baseline, baseline.configurations.get(configuration_key(run, result), {}).get(figure.name)
        )
        for result in run.results
        for figure in result.figures
    ]


def faults(run: Run, judgements: list[Judgement], required: frozenset[str]) -> list[str]:
    """Return the reasons why the gate fails: broken bounds, failed suites, and required suites that did not run."""
    broken = [
        f"{j.figure.name} is {j.figure.value:.4g}, bound {j.bound:.4g}: {j.why}"
        for j in judgements
        if j.verdict == "fails"
    ]
    missing = [
        f"{result.suite} {'failed' if result.status == 'failed' else 'was not run'}: {result.notes[0]}"
        for result in run.results
        if result.status == "failed" or (result.status == "not run" and result.suite in required)
    ]
    return broken + missing


def _judge(result: SuiteResult, figure: Figure, baseline: Baseline, accepted: Accepted | None) -> Judgement:
    expected = accepted.value if accepted else None
    always = baseline.always.get(figure.name)
    if always:
        for bound in (always.least, always.most):
            if bound is not None and _worse(figure.value, bound, "higher" if bound == always.least else "lower"):
                return Judgement(result.suite, figure, "fails", bound, expected, always.why)
    if accepted and _worse(figure.value, accepted.bound, figure.better):
        why = f"it was {accepted.value:.4g} when this configuration was accepted"
        return Judgement(result.suite, figure, "fails", accepted.bound, expected, why)
    if accepted:
        return Judgement(result.suite, figure, "passes", accepted.bound, expected, "")
    if always:
        return Judgement(result.suite, figure, "passes", always.least if always.most is None else always.most, None, "")
    return Judgement(result.suite, figure, "no baseline", None, None, "no baseline for this configuration")


def _worse(value: float, bound: float, better: str) -> bool:
    tolerance = 1e-9  # a bound that was rounded in decimal must not fail the value that it came from
    return not (value >= bound - tolerance if better == "higher" else value <= bound + tolerance)  # NaN is worse


def _bound(figure: Figure) -> float:
    end = figure.low if figure.better == "higher" else figure.high
    return figure.value if end is None else end
