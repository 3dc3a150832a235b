"""Property-based tests of every route against the OpenAPI document, with valid and invalid requests."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.settings import Settings
from embeddings.library import Library
from tests.assistant.doors.http.test_documentation import ROUTES
from tests.hashed_words import HashedWords
from tests.serving import SEED, listening, running

KEY = create_key()
PROGRAM = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).parent / "schemathesis.toml"
PHASES = "examples,coverage,fuzzing,stateful"
pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
EXAMPLES = 6  # random ones per route; the bounds of its schema are always tried


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a key and an article, and with no model, because what it answers does not matter."""
    with (
        Library.open(tmp_path_factory.mktemp("fuzzed"), HashedWords()) as library,
        listening() as listener,
    ):
        chosen = Settings(api_keys=key_entry("fuzz", KEY), rate_limit=0, reader="off", port=listener.getsockname()[1])
        assistant = Assistant(library, chosen)
        assistant.add(SEED)
        with running(create_app(chosen, assistant), listener) as server:
            server.http.get("/articles", headers={"Authorization": f"Bearer {KEY}"})  # waits until it is loaded
            yield server.url


def test_every_route_conforms_to_the_openapi_document(url: str, tmp_path: Path) -> None:
    """Runs all of schemathesis' checks, some of which apply to one phase only."""
    command = [PROGRAM, "--config-file", CONFIG, "run", f"{url}/openapi.json", "--phases", PHASES, "--checks", "all"]
    options = ["--header", f"Authorization: Bearer {KEY}", "--max-examples", str(EXAMPLES), "--continue-on-failure"]
    done = subprocess.run([*map(str, command), *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    assert all(f"✅ {phase.title()}" in done.stdout for phase in PHASES.split(",")), done.stdout
    assert f"Tested: {len(ROUTES)}" in done.stdout
    every_route = f"✅ {len(ROUTES)} passed"
    assert done.stdout.count(every_route) >= 2, "every bound and random values are tried on each route"
