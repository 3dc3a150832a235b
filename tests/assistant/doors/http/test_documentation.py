from typing import Any

import pytest
from pydantic import TypeAdapter

from assistant import answer, request
from assistant.doors import schemas as wire
from assistant.doors.http.examples import EXAMPLES
from assistant.doors.http.health import Health
from assistant.doors.http.sign_in import SignInRequest
from assistant.doors.openai import completion, reply
from assistant.doors.openai import request as chat
from assistant.grounding import verification
from embeddings.filters import Filters
from tests.serving import SEED, Server

ROUTES = {
    ("/ask", "post"),
    ("/search", "post"),
    ("/verify", "post"),
    ("/articles", "post"),
    ("/articles", "get"),
    ("/articles/file", "post"),
    ("/articles/{article_id}", "get"),
    ("/articles/{article_id}", "delete"),
    ("/", "get"),
    ("/read/{article_id}", "get"),
    ("/v1/chat/completions", "post"),
    ("/v1/models", "get"),
    ("/v1/models/{model}", "get"),
    ("/session", "post"),
    ("/session", "get"),
    ("/session", "delete"),
    ("/metrics", "get"),
    ("/health/live", "get"),
    ("/health/ready", "get"),
}


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    document: dict[str, Any] = server.http.get("/openapi.json").json()
    return document


def test_every_route_is_documented(document: dict[str, Any]) -> None:
    documented = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert documented == ROUTES


def test_every_documented_error_has_the_usual_body(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for route in methods.values():
            for status, response in route["responses"].items():
                if int(status) >= 400:
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorReply"}


def test_every_schema_has_an_example_and_every_field_of_a_request_a_description(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name == "JsonValue" or name.startswith("Body_"):  # made by pydantic; made by FastAPI for a form
            continue
        assert schema["examples"], name
        if name.endswith("Request"):
            assert all("description" in field for field in schema["properties"].values()), name


def test_every_example_is_valid() -> None:
    kinds = {"Filters": Filters, "Health": Health, "SignInRequest": SignInRequest}
    modules = (wire, request, answer, verification, completion, reply, chat)
    for name, example in EXAMPLES.items():
        kind = kinds.get(name) or next(getattr(module, name) for module in modules if hasattr(module, name))
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        read = adapter.dump_python(adapter.validate_python(example), mode="json", exclude_unset=True)
        assert read == example, name


def test_the_example_of_an_answer_points_at_the_characters_of_the_article(server: Server) -> None:
    uploaded = server.http.post("/articles/file", files={"file": (SEED.name, SEED.read_bytes())}).json()["article"]
    text = server.http.get(f"/articles/{uploaded['id']}").json()["text"]
    citation = EXAMPLES["Citation"]
    assert uploaded["id"] == citation["article_id"]
    assert uploaded["revision"] == citation["revision"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_document_has_the_description_for_agents(document: dict[str, Any]) -> None:
    assert "When to call it" in document["info"]["description"]
    assert len(document["info"]["description"].encode()) < 2000
