"""What is expected of each figure, and whether a run meets it.

``baseline.json`` has two parts. ``always`` holds bounds that no configuration may break: every citation is exact, the
header is never quoted, what ships is answered and abstained from well enough. ``configurations`` holds, for each suite
and each fingerprint of data, model and settings, the figures that were accepted with a bound for each: the worse end
of its 95 % interval when it was accepted. Other data or another model has another fingerprint, so a different corpus is
never read as a regression.
"""

from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from evals.data.collection import fingerprint
from evals.result import Figure, Run, SuiteResult

PATH = Path(__file__).parent / "baseline.json"


class Accepted(BaseModel):
    """A figure as it was accepted, and the worst value that still passes."""

    model_config = ConfigDict(extra="forbid")

    value: float
    bound: float


class Bound(BaseModel):
    """A bound that always holds; ``why`` is for the person who runs into it."""

    model_config = ConfigDict(extra="forbid")

    least: float | None = None
    most: float | None = None
    why: str


class Baseline(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    always: dict[str, Bound] = {}
    configurations: dict[str, dict[str, Accepted]] = {}

    @classmethod
    def read(cls, path: Path = PATH) -> "Baseline":
        """The baseline at a path; an empty one when there is no file."""
        return cls.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else cls()

    def write(self, path: Path = PATH) -> None:
        """Write it with sorted keys, so that a change is a readable difference."""
        ordered = self.model_copy(update={"configurations": dict(sorted(self.configurations.items()))})
        path.write_text(ordered.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")

    def accept(self, run: Run) -> "Baseline":
        """The baseline with every measured figure of the run as the new expectation for its configuration."""
        accepted = {
            key(run, result): {
                figure.name: Accepted(value=figure.value, bound=_bound(figure)) for figure in result.figures
            }
            for result in run.results
            if result.status == "measured"
        }
        return self.model_copy(update={"configurations": self.configurations | accepted})


class Judgement(NamedTuple):
    """One figure against one expectation. ``expected`` is None where nothing is known of this configuration."""

    suite: str
    figure: Figure
    verdict: Literal["passes", "fails", "no baseline"]
    bound: float | None
    expected: float | None
    why: str

    @property
    def change(self) -> float | None:
        """The difference to the accepted value."""
        return None if self.expected is None else self.figure.value - self.expected


def key(run: Run, result: SuiteResult) -> str:
    """What a suite's figures depend on besides the code: its data, how much of it, the model and the settings."""
    parts = [f"{name}={value}" for name, value in sorted({**run.configuration, **result.data}.items())]
    return f"{result.suite}:{fingerprint([result.suite, result.sample, *parts])}"


def judge(run: Run, baseline: Baseline) -> list[Judgement]:
    """Every figure against its bounds, the strictest that it breaks first."""
    return [
        _judge(result, figure, baseline, baseline.configurations.get(key(run, result), {}).get(figure.name))
        for result in run.results
        for figure in result.figures
    ]


def faults(run: Run, judgements: list[Judgement], required: frozenset[str]) -> list[str]:
    """Why the gate is shut, a line each: broken bounds, suites that failed, and required suites that did not run."""
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
    slack = 1e-9  # a bound that was written in decimal must not fail the value it was made from
    return not (value >= bound - slack if better == "higher" else value <= bound + slack)  # so that NaN is worse


def _bound(figure: Figure) -> float:
    end = figure.low if figure.better == "higher" else figure.high
    return figure.value if end is None else end
