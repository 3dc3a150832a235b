from pathlib import Path

import pytest

from evals.suites import followups
from evals.suites.attacks import AttacksSuite
from evals.suites.exact import ExactSuite
from evals.suites.seed import SeedSuite
from evals.suites.suite import Suite
from tests.evals.broken import BUILDS, gate, healthy

# Whole suites with the models: half a minute, and as much longer as other work leaves of the cores.
pytestmark = [pytest.mark.long, pytest.mark.timeout(1200), pytest.mark.usefixtures("few_resamples")]


@pytest.mark.parametrize(
    "suite",
    [SeedSuite(), ExactSuite(), AttacksSuite(), followups.ShippedFollowUpsSuite()],
    ids=lambda suite: suite.name,
)
def test_the_gate_passes_for_this_version(suite: Suite, tmp_path: Path) -> None:
    assert gate(suite, healthy, tmp_path) == []


@pytest.mark.parametrize("name", BUILDS)
def test_the_gate_fails_for_a_broken_build(name: str, tmp_path: Path) -> None:
    suite, build, figure = BUILDS[name]
    assert any(fault.startswith(f"{figure} is ") for fault in gate(suite, build, tmp_path, build))
