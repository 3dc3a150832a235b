import math
from pathlib import Path

import pytest

from evals.baseline import PATH, Accepted, Baseline, Bound, configuration_key, faults, judge
from evals.result import Run, SuiteResult
from tests.evals.examples import figure, run

SEED = SuiteResult(suite="seed", figures=(figure(), figure("seed.calibration_error", 0.1, better="lower")))


def test_a_run_passes_the_baseline_that_was_made_from_it() -> None:
    finished = run(SEED)
    judgements = judge(finished, Baseline().accept(finished))
    assert [j.verdict for j in judgements] == ["passes", "passes"]
    assert [j.change for j in judgements] == [0.0, 0.0]
    assert faults(finished, judgements, frozenset({"seed"})) == []


@pytest.mark.parametrize(
    ("value", "verdict"), [(0.76, "passes"), (0.75, "passes"), (0.74, "fails"), (math.nan, "fails"), (0.9, "passes")]
)
def test_a_figure_may_fall_to_the_worse_end_of_its_accepted_interval(value: float, verdict: str) -> None:
    accepted = Baseline().accept(run(SEED))
    (judgement,) = judge(run(SuiteResult(suite="seed", figures=(figure(value=value, low=None, high=None),))), accepted)
    assert judgement.verdict == verdict


def test_the_worse_end_of_an_error_rate_is_the_upper_one() -> None:
    accepted = Baseline().accept(run(SEED))
    worse = figure("seed.calibration_error", 0.15, better="lower")
    (judgement,) = judge(run(SuiteResult(suite="seed", figures=(worse,))), accepted)
    assert judgement.verdict == "fails"
    assert judgement.bound == pytest.approx(0.14)


@pytest.mark.parametrize(
    "other",
    [
        run(SEED, encoder="another encoder"),
        run(SEED.model_copy(update={"data": {"seed.jsonl": "other"}})),
        run(SEED.model_copy(update={"sample": "a sample"})),
    ],
    ids=["encoder", "data", "sample"],
)
def test_another_configuration_is_not_a_regression(other: Run) -> None:
    accepted = Baseline().accept(run(SEED))
    fallen = other.results[0].model_copy(update={"figures": (figure(value=0.1),)})
    (judgement,) = judge(other.model_copy(update={"results": (fallen,)}), accepted)
    assert judgement.verdict == "no baseline"


def test_a_bound_that_always_holds_applies_without_a_baseline() -> None:
    always = Baseline(always={"seed.handled_well": Bound(least=0.9, why="it ships")})
    finished = run(SEED)
    judgements = judge(finished, always)
    assert [j.verdict for j in judgements] == ["fails", "no baseline"]
    assert faults(finished, judgements, frozenset()) == ["seed.handled_well is 0.8, bound 0.9: it ships"]


def test_the_gate_fails_for_failed_suites_and_required_suites_without_data() -> None:
    finished = run(
        SuiteResult(suite="seed", status="failed", notes=("ValueError: no",)),
        SuiteResult(suite="exact", status="not run", notes=("no data",)),
        SuiteResult(suite="reading", status="not run", notes=("no data",)),
    )
    assert faults(finished, [], frozenset({"exact"})) == ["seed failed: ValueError: no", "exact was not run: no data"]


def test_accepting_a_run_keeps_other_configurations(tmp_path: Path) -> None:
    known = Baseline().accept(run(SEED)).accept(run(SEED, encoder="another"))
    known.write(tmp_path / "baseline.json")
    read = Baseline.read(tmp_path / "baseline.json")
    assert read == known
    assert len(read.configurations) == 2
    assert read.configurations[configuration_key(run(SEED), SEED)]["seed.handled_well"] == Accepted(
        value=0.8, bound=0.75
    )


def test_the_shipped_baseline_has_bounds_for_every_configuration() -> None:
    always = Baseline.read(PATH).always
    for name in ("seed.citations_exact", "seed.header_never_quoted", "attacks.withstood"):
        assert always[name].least == 1.0
    assert Baseline.read(PATH.with_name("nowhere.json")) == Baseline()
