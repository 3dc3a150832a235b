import socket
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.serving import Server, running


@pytest.fixture
def fresh(assistant: Assistant) -> Iterator[Server]:
    """A server whose metrics start at zero."""
    app = create_app(Settings(), assistant)
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        server.http.get("/articles")  # waits until the assistant is open
        yield server


def figures(server: Server) -> dict[str, float]:
    """All samples by name and labels."""
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(server.http.get("/metrics").text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(fresh: Server) -> None:
    fresh.http.get("/articles/one-that-is-not-there")
    fresh.http.get("/articles/another")
    fresh.http.get("/static/read.js")
    fresh.http.get("/nowhere/at/all")
    fresh.http.head("/health/live")
    fresh.http.post("/mcp")
    counted = figures(fresh)
    assert counted["assistant_requests_total['/articles/{article_id}', '404']"] == 2
    assert counted["assistant_requests_total['-', '404']"] == 1
    assert counted["assistant_requests_total['/health/live', '200']"] >= 1
    assert counted["assistant_requests_total['/mcp', '400']"] == 1
    assert counted["assistant_errors_total['article_not_found']"] == 2
    assert counted["assistant_request_seconds_count['/articles/{article_id}']"] == 2


def test_questions_are_counted_by_outcome(fresh: Server) -> None:
    answered, silent = "When did Kerry last speak to Lavrov?", "How long does sourdough bread bake?"
    fresh.http.post("/ask", json={"question": answered, "top_k": 11})
    fresh.http.post("/ask", json={"question": answered, "top_k": 11, "stream": True})
    chat = {"model": "articles", "messages": [{"role": "user", "content": silent}]}
    reason = fresh.http.post("/v1/chat/completions", json=chat).json()["choices"][0]["message"]["answer"]["reason"]
    counted = figures(fresh)
    assert counted["assistant_questions_total['answered', 'extractive']"] == 2
    assert counted[f"assistant_questions_total{sorted(['extractive', reason])}"] == 1
    assert {"search", "answer", "check"} <= {
        name.split("'")[1] for name in counted if name.startswith("assistant_answer_seconds_count")
    }


def test_the_library_and_the_queues_are_measured(fresh: Server, assistant: Assistant) -> None:
    counted = figures(fresh)
    assert counted["assistant_ready[]"] == 1
    size = assistant.library.size()
    assert {name: counted[f"assistant_library_{name}[]"] for name in size} == size
    assert counted["assistant_places_taken['questions']"] == counted["assistant_places_taken['articles']"] == 0
    assert counted["process_resident_memory_bytes[]"] > 0
