import pytest

from assistant.request import MAX_ARTICLES, MAX_QUOTED_CHARACTERS
from embeddings.text.passage import MAX_PASSAGE_LENGTH
from tests.serving import Server

TEXT = "The talks have ended. Kerry last spoke to Lavrov on Saturday, an official said. Nothing else is known."
URL = "https://example.org/verify"


def stored(server: Server) -> dict[str, object]:
    """A citation, from an answer about an article that was just added."""
    article = server.http.post("/articles", json={"text": TEXT, "url": URL}).json()["article"]
    filters = {"article_ids": [article["id"]]}
    body = {"question": "When did Kerry last speak to Lavrov?", "filters": filters}
    (citation,) = server.http.post("/ask", json=body).json()["citations"]
    return dict(citation)


@pytest.mark.parametrize(
    "citations",
    [
        [{"article_id": "a", "start": 0, "end": 1, "quote": "x" * (MAX_PASSAGE_LENGTH + 1)}],
        [{"article_id": str(number), "start": 0, "end": 1, "quote": "x"} for number in range(MAX_ARTICLES + 1)],
        [{"article_id": "a", "start": 0, "end": 1, "quote": "x" * MAX_PASSAGE_LENGTH}]
        * (MAX_QUOTED_CHARACTERS // MAX_PASSAGE_LENGTH + 1),
    ],
    ids=["a quote longer than any passage", "too many articles", "too long in all"],
)
def test_a_request_over_the_limits_is_rejected(server: Server, citations: list[dict[str, object]]) -> None:
    reply = server.http.post("/verify", json={"citations": citations})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_input")


def test_the_longest_passage_that_search_returns_can_be_verified(server: Server) -> None:
    """A word of a hundred letters or more is one token, and white space is none."""
    text = f"{'Skarn' * 4000} harbour. {' ' * 9000} {'lighthouse ' * 2000}"
    article = server.http.post("/articles", json={"text": text, "url": URL}).json()["article"]
    query = {"query": "Skarn harbour lighthouse", "filters": {"article_ids": [article["id"]]}, "top_k": 50}
    passages = server.http.post("/search", json=query).json()["passages"]
    assert max(len(passage["text"]) for passage in passages) == MAX_PASSAGE_LENGTH
    citations = [{**passage, "quote": passage["text"]} for passage in passages]
    results = server.http.post("/verify", json={"citations": citations}).json()["results"]
    assert [result["status"] for result in results] == ["fresh"] * len(passages)
    server.http.delete(f"/articles/{article['id']}")


@pytest.mark.parametrize(
    ("edited", "status"),
    [
        (TEXT, "fresh"),
        (f"Updated today. {TEXT}", "moved"),
        (TEXT.replace("Saturday", "Saturdey"), "changed"),
        ("The talks have ended. Nothing else is known.", "deleted"),
        (None, "deleted"),
    ],
    ids=["not edited", "text before it", "a letter", "taken out", "article removed"],
)
def test_a_stored_citation_is_checked_against_the_article_as_it_is_now(
    server: Server, edited: str | None, status: str
) -> None:
    citation = stored(server)
    if edited is None:
        assert server.http.delete(f"/articles/{citation['article_id']}").status_code == 204
    else:
        server.http.post("/articles", json={"text": edited, "url": URL})
    (result,) = server.http.post("/verify", json={"citations": [citation]}).json()["results"]
    assert result["status"] == status
    if status in {"fresh", "moved"}:
        assert (edited or "")[result["start"] : result["end"]] == citation["quote"]
    server.http.delete(f"/articles/{citation['article_id']}")


def test_results_come_in_the_order_of_the_citations(server: Server) -> None:
    citation = stored(server)
    gone = {**citation, "article_id": "nowhere"}
    results = server.http.post("/verify", json={"citations": [gone, citation, gone]}).json()["results"]
    assert [result["status"] for result in results] == ["deleted", "fresh", "deleted"]
    server.http.delete(f"/articles/{citation['article_id']}")
