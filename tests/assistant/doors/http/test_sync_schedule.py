"""A server that keeps its library in step with a folder."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from embeddings.library import Library
from tests.hashed_words import HashedWords
from tests.serving import Server, running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "pier.txt").write_text("The pier was rebuilt.")
    return tmp_path / "articles"


@pytest.fixture
def keeping(tmp_path: Path, folder: Path) -> Iterator[Server]:
    settings = Settings(sync=f"{folder}, {tmp_path / 'nowhere'}", sync_seconds=0.5, rate_limit=0)
    with (
        Assistant(Library.open(tmp_path / "library", HashedWords()), settings) as assistant,
        socket.create_server(("127.0.0.1", 0)) as listener,
        running(create_app(settings, assistant), listener) as server,
    ):
        yield server


def outcome(server: Server, status: str) -> str:
    """The title of the first article with an outcome of this kind, once a sync has one."""
    while True:
        for job in server.http.get("/jobs").json()["jobs"]:
            assert job["kind"] == "sync"
            for one in job["outcomes"]:
                if one["status"] == status:
                    return str(one["title"])


def test_articles_follow_their_folder_by_jobs_that_can_be_read(keeping: Server, folder: Path) -> None:
    assert outcome(keeping, "added") == "The pier was rebuilt."
    (folder / "pier.txt").write_text("The pier was rebuilt in oak.")
    assert outcome(keeping, "replaced").startswith("The pier")
    (folder / "choir.txt").write_text("The choir sang.")
    (folder / "pier.txt").unlink()
    assert outcome(keeping, "removed").startswith("The pier")
    assert [one["title"] for one in keeping.http.get("/articles").json()["articles"]] == ["The choir sang."]


def test_a_folder_that_lost_all_its_files_is_a_failed_job_and_loses_no_article(keeping: Server, folder: Path) -> None:
    outcome(keeping, "added")
    (folder / "pier.txt").unlink()
    error = None
    while not error:
        jobs = keeping.http.get("/jobs").json()["jobs"]
        error = next((one["error"] for one in jobs if one["name"] == str(folder) and one["state"] == "failed"), None)
    assert (error["code"], "nothing was changed" in error["hint"]) == ("source_error", True)
    assert len(keeping.http.get("/articles").json()["articles"]) == 1


def test_a_source_that_is_not_there_is_a_failed_job_and_stops_nothing(keeping: Server) -> None:
    outcome(keeping, "added")
    jobs = keeping.http.get("/jobs").json()["jobs"]
    failed = [one for one in jobs if one["state"] == "failed"]
    assert failed
    assert {one["error"]["code"] for one in failed} == {"source_missing"}
