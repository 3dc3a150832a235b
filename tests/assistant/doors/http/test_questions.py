"""The fields of the replies, from a real answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.assistant import Assistant
from embeddings.filters import Filters
from tests.serving import Server

QUESTION = "When did Kerry last speak to Lavrov?"
NONSENSE = "How long does sourdough bread bake?"
PLACE = ["id", "article_id", "revision", "title", "url", "source", "published", "paragraph"]
PLACE += ["start", "end", "start_utf16", "end_utf16", "link", "source_link"]


def events(body: str) -> Iterator[tuple[str, Any]]:
    for block in body.strip().split("\n\n"):
        name, data = block.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@pytest.fixture(scope="module")
def answer(server: Server) -> dict[str, Any]:
    response = server.http.post("/ask", json={"question": QUESTION})
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def test_an_answer_has_the_fields_of_the_contract(answer: dict[str, Any]) -> None:
    assert list(answer) == [
        *["id", "question", "standalone_question", "mode", "answer", "short_answer", "abstained", "reason"],
        *["confidence", "dropped_sentences", "notices", "sentences", "citations", "passages", "timings_ms"],
    ]
    assert answer["question"] == QUESTION
    assert answer["mode"] == "extractive"
    assert answer["abstained"] is False
    assert answer["reason"] is None
    assert isinstance(answer["timings_ms"], dict)


def test_a_citation_has_the_fields_of_the_contract(answer: dict[str, Any], server: Server) -> None:
    citation = answer["citations"][0]
    assert sorted(citation) == sorted([*PLACE, "quote", "verdict", "score"])
    assert citation["published"] is None
    assert citation["link"] == f"{server.url}/read/{citation['article_id']}#c={citation['start']}-{citation['end']}"


def test_a_passage_has_the_fields_of_the_contract(answer: dict[str, Any]) -> None:
    passage = answer["passages"][0]
    assert sorted(passage) == sorted([*PLACE, "text", "score", "ranks"])
    assert {"dense", "bm25"} <= set(passage["ranks"])


def test_every_sentence_cites_characters_that_exist(answer: dict[str, Any], server: Server) -> None:
    citations = {citation["id"]: citation for citation in answer["citations"]}
    assert answer["sentences"]
    for sentence in answer["sentences"]:
        assert list(sentence) == ["text", "start", "end", "citations"]
        assert answer["answer"][sentence["start"] : sentence["end"]] == sentence["text"]
        for wanted in sentence["citations"]:
            citation = citations[wanted]
            text = server.http.get(f"/articles/{citation['article_id']}").json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            units = text.encode("utf-16-le")[2 * citation["start_utf16"] : 2 * citation["end_utf16"]]
            assert units.decode("utf-16-le") == citation["quote"]


def test_an_abstention_gives_its_reason_and_no_sentence(server: Server) -> None:
    answer = server.http.post("/ask", json={"question": NONSENSE}).json()
    assert answer["abstained"] is True
    assert answer["answer"] is None
    assert answer["reason"] in {"no_relevant_passage", "not_answered_by_passages", "not_grounded"}
    assert answer["sentences"] == answer["citations"] == []


def test_explain_is_set_only_on_request(server: Server, answer: dict[str, Any]) -> None:
    explained = server.http.post("/ask", json={"question": QUESTION, "explain": True}).json()
    assert isinstance(explained["explain"], dict)
    assert "explain" not in answer


@pytest.mark.parametrize(
    "filters",
    [{"article_ids": ["nothing"]}, {"sources": []}, {"published_after": "2016-01-01"}, {"article_ids": []}],
)
def test_filters_that_exclude_all_articles_are_not_an_error(server: Server, filters: dict[str, Any]) -> None:
    answer = server.http.post("/ask", json={"question": QUESTION, "filters": filters}).json()
    assert answer["abstained"] is True
    assert answer["passages"] == []
    assert server.http.post("/search", json={"query": QUESTION, "filters": filters}).json()["passages"] == []


BODIES = {"/ask": {"question": QUESTION}, "/search": {"query": QUESTION}, "/check": {"text": "Kerry spoke to Lavrov."}}


@pytest.mark.parametrize("path", BODIES)
def test_a_source_that_no_article_has_is_an_error_with_the_nearest_ones(server: Server, path: str) -> None:
    response = server.http.post(path, json={**BODIES[path], "filters": {"sources": ["reuter", "AFP"]}})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "unknown_filter_value")
    assert "'Reuters'" in error["expected"]
    assert error["got"] == "'reuter', 'AFP'"


@pytest.mark.parametrize("path", BODIES)
def test_one_unknown_source_among_known_ones_is_a_notice(server: Server, path: str) -> None:
    response = server.http.post(path, json={**BODIES[path], "filters": {"sources": ["Reuters", "AFP"]}})
    assert response.status_code == 200
    assert "'AFP'" in response.json()["notices"][0]
    known = server.http.post(path, json={**BODIES[path], "filters": {"sources": ["Reuters"]}}).json()
    assert not known.get("notices")


def test_articles_like_one_come_with_the_same_notice(server: Server, seed: Filters) -> None:
    (article_id,) = seed.article_ids or ()
    reply = server.http.get(f"/articles/{article_id}/like", params={"sources": ["Reuters", "AFP"]}).json()
    assert "'AFP'" in reply["notices"][0]


def test_filters_may_be_null(server: Server) -> None:
    response = server.http.post("/ask", json={"question": QUESTION, "filters": None})
    assert response.status_code == 200


def test_white_space_around_a_question_is_ignored(server: Server) -> None:
    question = f"  {QUESTION}\n"
    assert server.http.post("/ask", json={"question": question}).json()["question"] == QUESTION
    assert server.http.post("/ask", json={"question": " " + "x" * 2000 + " "}).status_code == 200


@pytest.mark.parametrize("top_k", [1, 50])
def test_the_bounds_of_top_k_are_inclusive(server: Server, top_k: int) -> None:
    assert server.http.post("/ask", json={"question": QUESTION, "top_k": top_k}).status_code == 200


def test_search_returns_the_query_and_its_passages(server: Server) -> None:
    reply = server.http.post("/search", json={"query": "Kerry Lavrov", "top_k": 2}).json()
    assert list(reply) == ["query", "passages"]
    assert reply["query"] == "Kerry Lavrov"
    assert len(reply["passages"]) == 2
    for passage in reply["passages"]:
        text = server.http.get(f"/articles/{passage['article_id']}").json()["text"]
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_a_stream_sends_citations_before_their_sentence_and_the_answer_last(
    server: Server, answer: dict[str, Any]
) -> None:
    response = server.http.post("/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    names, data = zip(*events(response.text), strict=True)
    assert names == ("citation",) * len(answer["citations"]) + ("sentence",) * len(answer["sentences"]) + ("done",)
    sent: set[str] = set()
    for name, value in zip(names, data, strict=True):
        if name == "citation":
            sent.add(value["id"])
        elif name == "sentence":
            assert set(value["citations"]) <= sent
    for changing in ("id", "timings_ms"):
        del data[-1][changing]
    assert data[-1] == {name: value for name, value in answer.items() if name not in {"id", "timings_ms"}}


def test_a_stream_that_explains_says_which_stage_begins(server: Server) -> None:
    asked = {"question": "Who is Maria Zakharova?", "stream": True, "explain": True}
    sent = [(name, value) for name, value in events(server.http.post("/ask", json=asked).text)]
    stages = [value["stage"] for name, value in sent if name == "stage"]
    assert stages == ["rewrite", "search", "read", "answer", "check", "link"]
    assert [name for name, _ in sent if name != "stage"] == ["citation", "sentence", "done"]


def test_the_examples_are_questions_that_the_articles_answer(server: Server) -> None:
    (seed,) = server.http.get("/articles", params={"q": "US ends talks"}).json()["articles"]
    reply = server.http.get("/examples", params={"article_id": seed["id"], "limit": 2})
    assert reply.status_code == 200
    assert [set(example) for example in reply.json()["examples"]] == [{"question", "article_id", "title"}] * 2
    for example in reply.json()["examples"]:
        asked = {"question": example["question"]}
        assert server.http.post("/ask", json=asked).json()["citations"][0]["article_id"] == seed["id"]
    assert server.http.get("/examples", params={"article_id": "nowhere"}).status_code == 404
    assert server.http.get("/examples", params={"limit": 11}).status_code == 422


@pytest.mark.parametrize(("question", "mode"), [("Hello!", "about"), ("What is this article about?", "digest")])
def test_small_talk_and_digests_stream_like_answers(server: Server, seed: Filters, question: str, mode: str) -> None:
    asked = {
        "question": question,
        "filters": {"article_ids": [server.http.get("/articles").json()["articles"][0]["id"]]},
    }
    response = server.http.post("/ask", json=asked | {"stream": True})
    events = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    answer = server.http.post("/ask", json=asked).json()
    assert (answer["mode"], answer["abstained"]) == (mode, False)
    assert events == ["citation", "sentence"] * len(answer["sentences"]) + ["done"]


def test_the_stream_of_an_abstention_is_its_answer_alone(server: Server) -> None:
    response = server.http.post("/ask", json={"question": NONSENSE, "stream": True})
    ((name, answer),) = events(response.text)
    assert name == "done"
    assert answer["abstained"] is True


def test_an_answer_is_the_same_in_python_and_over_http(assistant: Assistant, answer: dict[str, Any]) -> None:
    here = json.loads(assistant.ask(QUESTION).model_dump_json())
    assert list(here) == list(answer)
    for changing in ("id", "timings_ms"):
        here.pop(changing)
    assert here == {name: value for name, value in answer.items() if name not in {"id", "timings_ms"}}
