"""Fixtures of the tests of whole suites."""

from collections.abc import Iterator

import pytest

from evals.metrics import intervals


@pytest.fixture(scope="module")
def few_resamples() -> Iterator[None]:
    """Compute intervals with few resamples, because exact ones would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "RESAMPLES", 100)
        yield
