"""A server of several processes: every one of them serves the same library, while others write to it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from assistant.doors.cli.command_context import EXIT_DONE
from assistant.doors.http.job_state import FINISHED
from assistant.doors.http.workers import worker_app
from embeddings.encoder import PackagedMiniLM

ENVIRONMENT = {"NO_COLOR": "1", "ASSISTANT_READER": "off", "ASSISTANT_RATE_LIMIT": "0"}


def command(*args: str | Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ENVIRONMENT | environment,
    )


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a server of two processes, which also keeps the library in step with a folder."""
    (tmp_path / "synced").mkdir()
    (tmp_path / "synced" / "pier.txt").write_text("The pier was rebuilt in oak.")
    args = ("serve", "--port", "0", "--workers", "2", "--library", tmp_path / "library")
    with command(*args, ASSISTANT_SYNC=str(tmp_path / "synced")) as server:
        assert server.stderr is not None
        url = next(found[0] for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        log = Thread(target=server.stderr.read)  # else the processes would wait for a reader of it
        log.start()
        yield url
        server.send_signal(signal.SIGTERM)
        log.join()
    assert server.returncode == EXIT_DONE


def workers(url: str, stack: ExitStack) -> list[httpx.Client]:
    """A client of each process: a connection stays with one."""
    found: dict[str, httpx.Client] = {}
    while len(found) < 2:
        client = httpx.Client(base_url=url, timeout=120)
        process = re.search(r"^assistant_process_id (\S+)$", client.get("/metrics").text, re.MULTILINE)
        assert process
        if process[1] in found:
            client.close()
        else:
            found[process[1]] = stack.enter_context(closing(client))
    return list(found.values())


@pytest.mark.long
def test_every_worker_finds_at_once_what_another_process_adds(url: str, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    texts = [f"The tower number {number} of the town is {number} metres high." for number in range(40)]
    articles.write_text("".join(f'{{"text": "{text}", "title": "Tower {n}"}}\n' for n, text in enumerate(texts)))
    wrong: list[httpx.Response] = []
    done = Event()

    def ask(client: httpx.Client) -> None:
        while not done.is_set():
            found = client.post("/search", json={"query": "How high is the tower of the town?"})
            citations = [
                {"article_id": one["article_id"], "start": one["start"], "end": one["end"], "quote": one["text"]}
                for one in found.json().get("passages", [])
            ]
            checked = client.post("/verify", json={"citations": citations}) if citations else found
            is_fresh = {one["status"] for one in checked.json().get("results", [])} <= {"fresh"}
            wrong.extend(reply for reply in (found, checked) if reply.status_code != 200 or not is_fresh)

    with ExitStack() as others, ExitStack() as stack:
        clients = workers(url, stack)
        threads = [Thread(target=ask, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
        stack.callback(done.set)
        with command("add", articles, "--library", tmp_path / "library") as writer:
            printed, errors = writer.communicate()
        for client in workers(url, others):  # the threads use the other connections
            found = client.post("/search", json={"query": texts[-1], "top_k": 1}).json()["passages"]
            assert [one["text"] for one in found] == [texts[-1]]
            states: list[str] = []
            while not FINISHED.intersection(states):
                states = [job["state"] for job in client.get("/jobs").json()["jobs"]]
            assert states == ["done"], "only one of them keeps to the schedule of syncs"
    assert (writer.returncode, printed.splitlines()[-1]) == (EXIT_DONE, "40 added"), errors
    assert [reply.text for reply in wrong] == []


def threads_of_a_worker(environment: dict[str, str]) -> int | None:
    os.environ |= environment
    worker_app()
    network = PackagedMiniLM()._network
    return network.threads if network else None


def test_a_worker_runs_networks_in_its_share_of_the_threads(tmp_path: Path) -> None:
    environment = {"ASSISTANT_WORKERS_FOLDER": str(tmp_path), "ASSISTANT_WORKER_THREADS": "1"}
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        assert process.submit(threads_of_a_worker, environment).result() == 1
