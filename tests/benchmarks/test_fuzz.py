"""A sample of the requests of ``python -m benchmarks.fuzz``."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from benchmarks.fuzz import fuzz
from embeddings.library import Library
from tests.hashed_words import HashedWords
from tests.serving import SEED

SAMPLE = range(500)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """The seed article, and no models."""
    with Library.open(tmp_path, HashedWords()) as library:
        assistant = Assistant(library, Settings(reader="off", rate_limit=0, max_article_bytes=100_000))
        assistant.add(SEED)
        yield assistant


# Starlette leaves the file of an upload whose client left to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_route_answers_or_refuses_fuzzed_requests(assistant: Assistant) -> None:
    result = asyncio.run(fuzz(create_app(assistant.settings, assistant), seed=1, numbers=SAMPLE))
    assert result.faults == []
    assert result.statuses.total() == len(SAMPLE)
    assert len(result.statuses) > 8
