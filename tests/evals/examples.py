"""An invented run for the tests of reports and comparisons."""

import numpy as np

from evals.metrics.selection import risk_coverage
from evals.result import Bars, Curve, Failure, Figure, Machine, Reliability, Run, SuiteResult


def figure(name: str = "seed.handled_well", value: float = 0.8, **more: object) -> Figure:
    return Figure.model_validate(
        {"name": name, "value": value, "low": value - 0.05, "high": value + 0.04, "count": 90} | more
    )


def run(*results: SuiteResult, **configuration: str) -> Run:
    return Run(
        command="assistant eval",
        started="2026-01-02 03:04 UTC",
        seconds=61.5,
        machine=Machine(cpu="a processor", cores=2, memory_gb=8, python="3.11.1", versions={"numpy": "2.0"}),
        configuration=configuration or {"encoder": "an encoder"},
        results=results,
    )


def rich_run() -> Run:
    rng = np.random.default_rng(0)
    confidence = rng.random(200)
    curve = risk_coverage(confidence, rng.random(200) < confidence)
    stages = tuple(
        figure(f"retrieval.{stage}.nDCG@10", 0.6 + 0.05 * i) for i, stage in enumerate(("dense", "bm25", "fused"))
    )
    seed = SuiteResult(
        suite="seed",
        figures=(
            figure("seed.citations_exact", 1.0, low=1.0, high=1.0, headline=True),
            figure(headline=True),
            figure("seed.right_when_answering", 0.91, headline=True),
            figure("seed.calibration_error", 0.07, better="lower"),
        ),
        failures=(
            Failure(
                question="Who <b>fled</b>?",
                found="Kirby said the US would withdraw all personnel it had dispatched.",
                wanted="to abstain",
                why="answered what the articles do not say · confidence 0.81",
                link="http://127.0.0.1:8000/read/abc#c=1-9",
                badness=0.8,
            ),
            Failure(
                question="And when?", found="nothing", wanted="Saturday", why="abstained", link="javascript:alert(1)"
            ),
        ),
        charts=(
            Curve(
                title="seed: risk over coverage, 200 questions",
                coverage=tuple(curve.coverage.tolist()),
                risk=tuple(curve.risk.tolist()),
                chosen=(0.62, 0.21),
            ),
            Reliability(
                title="seed: how often it is right at each confidence",
                confidence=(0.05, 0.25, 0.45, 0.65, 0.85),
                right=(0.1, 0.2, 0.5, 0.6, 0.9),
                counts=(30, 10, 5, 25, 80),
            ),
        ),
        notes=("A difference of two or three is noise.",),
        seconds=12.0,
        data={"seed.jsonl": "0" * 64},
    )
    retrieval = SuiteResult(
        suite="retrieval",
        figures=stages,
        charts=(Bars(title="retrieval: nDCG@10 by stage", labels=("dense", "bm25", "fused"), figures=stages),),
    )
    return run(
        seed, retrieval, SuiteResult(suite="grounding", status="not run", notes=("The data is not on this machine.",))
    )
