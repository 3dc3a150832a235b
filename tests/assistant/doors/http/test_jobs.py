"""Jobs that fetch pages, over a real server from a real server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.assistant.web.hostile_server import HostileServer, hostile_server
from tests.serving import Server


@pytest.fixture(scope="module")
def web() -> Iterator[HostileServer]:
    with hostile_server() as server:
        yield server


def fetched(server: Server, url: str) -> str:
    """The id of the job that fetches a page."""
    reply = server.http.post("/articles", json={"url": url})
    assert reply.status_code == 202
    job = reply.json()
    assert (job["kind"], job["total"], job["error"]) == ("fetch", 1, None)
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
