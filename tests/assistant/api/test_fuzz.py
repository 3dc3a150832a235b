"""What the OpenAPI document says is true of every route, for what it allows and for what it does not."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema

from assistant.api import create_app
from assistant.assistant import Assistant
from assistant.keys import create_key, entry
from assistant.settings import Settings
from embeddings.library import Library
from tests.assistant.api.test_documentation import ROUTES
from tests.hashed_words import HashedWords
from tests.serving import SEED, running

KEY = create_key()
KNOWN = {"Authorization": f"Bearer {KEY}"}
# No schema can say which texts and files hold an article: such are refused with 415 or 422.
READING = {"positive_data_acceptance": {"expected-statuses": ["2xx", "415", "422"]}}
CONFIG = {
    "operations": [{"include-name": name, "checks": READING} for name in ("POST /articles", "POST /articles/file")]
}
# A positive case is as the document allows, a negative one is not; where nothing is read there is nothing to get wrong.
READS_NOTHING = {("/health/live", "get"), ("/session", "delete")}
CASES = [
    (path, method, mode)
    for path, method in sorted(ROUTES)
    for mode in GenerationMode
    if mode.is_positive or (path, method) not in READS_NOTHING
]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The document of a server with a key, an article and no model."""
    chosen = Settings(api_keys=entry("fuzz", KEY), rate_limit=0)
    with (
        Library.open(tmp_path_factory.mktemp("fuzzed"), HashedWords()) as library,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        assistant = Assistant(library, chosen)
        assistant.add(SEED)
        with running(create_app(chosen, assistant), listener) as server:
            yield schemathesis.openapi.from_url(
                f"{server.url}/openapi.json", headers=KNOWN, config=schemathesis.Config.from_dict(CONFIG)
            )


@pytest.mark.parametrize(("path", "method", "mode"), CASES)
def test_a_route_does_what_its_document_says(api: BaseSchema, path: str, method: str, mode: GenerationMode) -> None:
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=KNOWN)

    check()
