import pytest

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
