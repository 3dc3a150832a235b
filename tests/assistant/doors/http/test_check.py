"""Checking a text over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.answer import Citation
from assistant.assistant import Assistant
from assistant.check import CheckedSentence, CheckReply
from assistant.doors.http import create_app
from assistant.request import CheckRequest
from tests.assistant.doors.http.test_questions import PLACE, events
from tests.serving import Server, listening, running

TRUE = "Putin suspended a treaty with Washington on cleaning up weapons-grade plutonium."
FALSE = "Kerry last spoke to Lavrov on Tuesday, a senior State Department official said."
TEXT = f"{TRUE} {FALSE}\n\nBread is baked in Paris."


@pytest.fixture(scope="module")
def checked(server: Server) -> dict[str, Any]:
    response = server.http.post("/check", json={"text": TEXT})
    assert response.status_code == 200
    checked: dict[str, Any] = response.json()
    return checked


def test_a_check_has_the_fields_of_the_contract(checked: dict[str, Any]) -> None:
    assert list(checked) == ["sentences", "citations"]
    for sentence in checked["sentences"]:
        assert list(sentence) == ["text", "start", "end", "verdict", "score", "citations", "unsupported"]
        assert TEXT[sentence["start"] : sentence["end"]] == sentence["text"]
    for citation in checked["citations"]:
        assert sorted(citation) == sorted([*PLACE, "quote", "verdict", "score"])


def test_each_sentence_has_its_verdict_and_its_unsupported_words(checked: dict[str, Any]) -> None:
    verdicts = [sentence["verdict"] for sentence in checked["sentences"]]
    assert verdicts == ["supported", "contradicted", "not_found"]
    words = [[TEXT[one["start"] : one["end"]] for one in sentence["unsupported"]] for sentence in checked["sentences"]]
    assert words == [[], ["Tuesday"], ["Bread", "baked", "Paris"]]


def test_a_contradicted_sentence_cites_the_place_that_contradicts_it(checked: dict[str, Any]) -> None:
    citations = {citation["id"]: citation for citation in checked["citations"]}
    (name,) = checked["sentences"][1]["citations"]
    assert citations[name]["verdict"] == "contradicted"
    assert "on Saturday" in citations[name]["quote"]


def test_a_stream_has_each_citation_before_its_sentence_and_then_the_whole(
    server: Server, checked: dict[str, Any]
) -> None:
    response = server.http.post("/check", json={"text": TEXT, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    names, data = zip(*events(response.text), strict=True)
    assert names == ("citation", "sentence", "citation", "sentence", "sentence", "done")
    assert data[-1] == checked
    assert [one for name, one in zip(names, data, strict=True) if name == "sentence"] == checked["sentences"]


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "streamed"])
@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": " "}, {"text": "x" * 50_001}, {"text": 1}, {"text": "x", "top_k": 3}]
)
def test_wrong_values_are_an_error_before_the_stream_starts(server: Server, body: dict[str, Any], stream: bool) -> None:
    response = server.http.post("/check", json={**body, "stream": stream})
    assert response.status_code == 422
    assert list(response.json()["error"]) == ["code", "message", "expected", "got", "hint"]


class Counting(Assistant):
    """Counts the parts of every check."""

    parts = 0

    def stream_check(
        self, request: CheckRequest, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Citation | CheckedSentence | CheckReply]:
        for part in super().stream_check(request, cancelled):
            self.parts += 1
            yield part


def test_a_client_that_leaves_stops_the_work(assistant: Assistant) -> None:
    """Checks run one after the other, so the second one begins when the first has stopped."""
    counting = Counting(assistant.library, assistant.settings)
    long = {"text": f"{TRUE}\n\n" * 600, "stream": True}
    with listening() as listener, running(create_app(assistant.settings, counting), listener) as server:
        with server.http.stream("POST", "/check", json=long) as response:
            assert any(line == "event: sentence" for line in response.iter_lines())
        assert server.http.post("/check", json={"text": TRUE}).status_code == 200
    assert 2 <= counting.parts < 600
