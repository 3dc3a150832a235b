"""What the tests of whole suites share."""

from collections.abc import Iterator

import pytest

from evals.metrics import intervals


@pytest.fixture(scope="module")
def few_resamples() -> Iterator[None]:
    """Rough intervals: the tests of whole suites do not need exact ones, which take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "RESAMPLES", 100)
        yield
