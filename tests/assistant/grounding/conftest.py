import os

import pytest

from assistant.grounding.entailment import Checker
from assistant.reading import base_model


@pytest.fixture(scope="session")
def small_checker() -> Checker:
    """The checker that ships whole."""
    return Checker.choose("small")


@pytest.fixture(scope="session", params=["small", "careful"])
def checker(request: pytest.FixtureRequest) -> Checker:
    """Each checker; REQUIRE_MODEL=1 makes the absence of the careful one a failure instead of a skip."""
    if request.param == "careful" and not base_model.is_installed() and os.environ.get("REQUIRE_MODEL") != "1":
        pytest.skip("the careful reader is not installed")
    return Checker.choose(request.param)
