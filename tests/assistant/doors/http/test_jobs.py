"""Jobs that fetch pages from a real server and read uploaded files, over a real server."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.assistant.doors.http.test_articles import ENDLESS
from tests.assistant.web.hostile_server import HostileServer, hostile_server
from tests.pdf_writer import paragraph, pdf
from tests.serving import Server, running


@pytest.fixture(scope="module")
def web() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


def fetched(server: Server, url: str) -> str:
    """The id of the job that fetches a page."""
    reply = server.http.post("/articles", json={"url": url})
    assert reply.status_code == 202
    job = reply.json()
    assert (job["kind"], job["name"], job["total"], job["error"]) == ("fetch", url, 1, None)
    return str(job["id"])


def uploaded(server: Server, name: str, content: bytes) -> str:
    """The id of the job that adds a file."""
    reply = server.http.post("/articles/file", files={"file": (name, content)}, headers={"Prefer": "respond-async"})
    assert (reply.status_code, reply.headers["Preference-Applied"]) == (202, "respond-async")
    job = reply.json()
    assert (job["kind"], job["name"], job["total"], job["error"]) == ("upload", name, 1, None)
    return str(job["id"])


def followed(server: Server, job: str) -> list[dict[str, Any]]:
    """What a client is told of a job until it is finished."""
    blocks = server.http.get(f"/jobs/{job}/events").text.strip().split("\n\n")
    return [json.loads(data.removeprefix("data: ")) for name, data in (block.split("\n") for block in blocks)]


def test_a_page_is_fetched_and_can_be_searched(server: Server, web: HostileServer) -> None:
    job = fetched(server, f"{web.url}/story")
    last = followed(server, job)[-1]
    assert (last["state"], last["done"], last["eta_s"]) == ("done", 1, None)
    (outcome,) = last["outcomes"]
    assert (outcome["status"], outcome["title"], outcome["path"]) == ("added", "Pier to be rebuilt", f"{web.url}/story")
    assert server.http.get(f"/jobs/{job}").json() == last
    assert server.http.get("/jobs").json()["jobs"][0] == last
    article = server.http.get(f"/articles/{outcome['article_id']}").json()
    assert article["url"] == f"{web.url}/story"
    assert server.http.delete(f"/articles/{article['id']}").status_code == 204


def test_a_job_whose_page_is_refused_fails_with_the_reason(server: Server, web: HostileServer) -> None:
    last = followed(server, fetched(server, f"{web.url}/to-metadata"))[-1]
    assert (last["state"], last["error"]["code"]) == ("failed", "address_refused")
    assert "169.254.169.254" in last["error"]["got"]


def test_a_job_is_cancelled_and_then_forgotten(server: Server, web: HostileServer) -> None:
    job = fetched(server, f"{web.url}/drip")
    assert server.http.delete(f"/jobs/{job}").status_code == 204
    assert followed(server, job)[-1]["state"] == "cancelled"
    assert server.http.delete(f"/jobs/{job}").status_code == 204
    gone = server.http.get(f"/jobs/{job}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "job_not_found")


def test_an_address_with_a_title_and_no_text_is_refused(server: Server) -> None:
    reply = server.http.post("/articles", json={"url": "https://example.org/a", "title": "A"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_input")


def test_an_uploaded_file_is_added_by_a_job(server: Server) -> None:
    document = pdf(paragraph(50, 100, "The weighbridge of Lund was built in 1904."))
    last = followed(server, uploaded(server, "weighbridge.pdf", document))[-1]
    (outcome,) = last["outcomes"]
    assert (last["state"], outcome["status"]) == ("done", "added")
    article = server.http.get(f"/articles/{outcome['article_id']}").json()
    assert "The weighbridge of Lund" in article["text"]
    assert article["metadata"]["file_name"] == "weighbridge.pdf"
    again = followed(server, uploaded(server, "weighbridge.pdf", document))[-1]
    assert again["outcomes"][0]["status"] == "unchanged"
    assert server.http.delete(f"/articles/{article['id']}").status_code == 204


def test_a_job_whose_file_cannot_be_read_fails_with_the_reason(server: Server) -> None:
    last = followed(server, uploaded(server, "x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))[-1]
    assert (last["state"], last["error"]["code"]) == ("failed", "unknown_kind")


def test_a_job_that_reads_a_file_is_cancelled(assistant: Assistant) -> None:
    settings = Settings(rate_limit=0)
    app = create_app(settings, Assistant(assistant.library, settings))
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        job = uploaded(server, "endless.html", ENDLESS.encode())
        assert server.http.delete(f"/jobs/{job}").status_code == 204
        assert followed(server, job)[-1]["state"] == "cancelled"
