import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.admission import AdmissionQueue
from assistant.settings import Settings
from tests.pdf_writer import paragraph, pdf
from tests.serving import SEED, Server, running

ARTICLE = ["id", "revision", "title", "url", "source", "published", "authors", "language", "characters", "passages"]
ARTICLE += ["metadata"]
TEXT = "The lighthouse on the cape was lit in 1871.\n\nIt was rebuilt after the storm of 1902."


def post(server: Server, **values: Any) -> httpx.Response:
    return server.http.post("/articles", json=values)


def test_an_article_is_added_then_unchanged_then_replaced(server: Server) -> None:
    known = {"url": "https://example.org/lighthouse", "title": "Light", "source": "Gazette", "published": "1903-05-01"}
    added = post(server, text=TEXT, **known)
    assert (added.status_code, added.json()["outcome"]) == (201, "added")
    article = added.json()["article"]
    assert list(added.json()) == ["article", "outcome"]
    assert list(article) == ARTICLE
    assert {name: article[name] for name in known} == known
    assert article["characters"] == len(TEXT)
    assert article["passages"] >= 1

    again = post(server, text=TEXT, **known)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    assert again.json()["article"] == article

    changed = post(server, text=TEXT + "\n\nIt is dark now.", **known)
    assert (changed.status_code, changed.json()["outcome"]) == (201, "replaced")
    assert changed.json()["article"]["id"] == article["id"]
    assert changed.json()["article"]["revision"] != article["revision"]


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_an_article_is_text_html_or_markdown(server: Server, kind: str) -> None:
    body = {
        "text": f"Plain.\n\n{TEXT}",
        "markdown": f"# Marked\n\n{TEXT}",
        "html": "<article>" + "".join(f"<p>{part}</p>" for part in TEXT.split("\n\n") * 5) + "</article>",
    }[kind]
    response = post(server, **{kind: body})
    assert response.status_code == 201, response.text
    text = server.http.get(f"/articles/{response.json()['article']['id']}").json()["text"]
    assert "The lighthouse on the cape was lit in 1871." in text
    assert "<p>" not in text


def test_a_page_of_an_uploaded_pdf_document_is_a_picture(server: Server) -> None:
    document = pdf(paragraph(50, 100, "The lighthouse on the cape was lit in 1871."), [])
    added = server.http.post("/articles/file", files={"file": ("lighthouse.pdf", document)})
    assert (added.status_code, added.json()["article"]["metadata"]["page_count"]) == (201, 2)
    url = f"/articles/{added.json()['article']['id']}/pages"
    image = server.http.get(f"{url}/1", params={"start": 4, "end": 14})
    assert (image.status_code, image.headers["content-type"]) == (200, "image/png")
    assert image.content != server.http.get(f"{url}/1").content
    for page, status in ((3, 404), (0, 422)):
        assert server.http.get(f"{url}/{page}").status_code == status
    text = post(server, text="The lighthouse has no pages.").json()["article"]
    missing = server.http.get(f"/articles/{text['id']}/pages/1")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "page_not_found")


def test_an_uploaded_seed_file_is_recognised(server: Server) -> None:
    file = {"file": (SEED.name, SEED.read_bytes())}
    article = server.http.post("/articles/file", files=file).json()["article"]
    assert (article["source"], article["metadata"]["file_name"]) == ("Reuters", SEED.name)
    again = server.http.post("/articles/file", files=file)
    assert (again.status_code, again.json()) == (200, {"article": article, "outcome": "unchanged"})


def test_an_article_is_read_with_its_text(server: Server) -> None:
    article = post(server, text="Read me.").json()["article"]
    full = server.http.get(f"/articles/{article['id']}").json()
    assert sorted(full) == sorted([*ARTICLE, "text"])
    assert full == {**article, "text": "Read me."}


def test_a_removed_article_is_gone(server: Server) -> None:
    article = post(server, text="A pelican to be forgotten.").json()["article"]
    response = server.http.delete(f"/articles/{article['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert server.http.get(f"/articles/{article['id']}").status_code == 404
    assert server.http.delete(f"/articles/{article['id']}").status_code == 404
    found = server.http.post("/search", json={"query": "pelican", "top_k": 50}).json()["passages"]
    assert article["id"] not in {passage["article_id"] for passage in found}


def test_the_list_is_paginated(server: Server) -> None:
    for number in range(3):
        post(server, text=f"Article number {number} of the list.")
    whole = server.http.get("/articles", params={"limit": 200}).json()
    assert list(whole) == ["articles", "next_cursor"]
    assert whole["next_cursor"] is None
    assert all(list(article) == ARTICLE for article in whole["articles"])
    for sort, expected in (("added", whole["articles"]), ("newest", whole["articles"][::-1])):
        pages: list[Any] = []
        query: dict[str, str | int] = {"limit": 2, "sort": sort}
        while True:
            page = server.http.get("/articles", params=query).json()
            pages += page["articles"]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert pages == expected


def test_the_list_is_searched_by_title_and_source_without_case_and_accents(server: Server) -> None:
    added = post(server, text="A ferry.", title="Färjan går", source="Jönköpings-Posten").json()["article"]
    for query in ("farjan", "POSTEN går", "jonkoping"):
        assert server.http.get("/articles", params={"q": query}).json() == {"articles": [added], "next_cursor": None}
    assert server.http.get("/articles", params={"q": "farjan reuters"}).json()["articles"] == []
    server.http.delete(f"/articles/{added['id']}")


def test_the_server_answers_while_articles_are_added(server: Server) -> None:
    texts = [f"Report {number}. " + "The harbour was quiet that day. " * 40 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        adding = [pool.submit(post, server, text=text) for text in texts]
        asked = [server.http.post("/ask", json={"question": "When did Kerry speak to Lavrov?"}) for _ in range(5)]
        live = server.http.get("/health/live")
        outcomes = {future.result().status_code for future in adding}
    assert live.status_code == 200
    assert {response.status_code for response in asked} == {200}
    assert outcomes == {201}


# Minutes in one call: lxml compares the name of each attribute with all others.
ENDLESS = "<html><body><p " + " ".join(f"a{n}" for n in range(100_000)) + ">x"


def test_a_page_that_takes_too_long_to_parse_is_rejected(assistant: Assistant) -> None:
    settings = Settings(reading_seconds=0.2, rate_limit=0)
    app = create_app(settings, Assistant(assistant.library, settings))
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        refused = [
            post(server, html=ENDLESS),
            server.http.post("/articles/file", files={"file": ("a.html", ENDLESS.encode())}),
        ]
    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [(422, "took_too_long")] * 2


def test_parsing_blocks_no_other_article_and_is_cancelled_with_its_request(assistant: Assistant) -> None:
    settings = Settings(reading_seconds=600, rate_limit=0)
    app = create_app(settings, Assistant(assistant.library, settings))
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        body = json.dumps({"html": ENDLESS}).encode()
        head = f"POST /articles HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        readings: AdmissionQueue = app.state.queues["readings"]
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
            while len(readings) == 0:
                server.http.get("/health/live")
            assert post(server, text="Grain fell.").status_code == 201
            assert len(readings) == 1
        given_up = time.monotonic() + 30
        while len(readings) and time.monotonic() < given_up:
            server.http.get("/health/live")
        assert len(readings) == 0
