"""Jobs that several processes share, by files or in PostgreSQL: each tells and cancels those of the others."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from assistant.doors.http.errors import JobNotFound
from assistant.doors.http.job_files import JobFiles
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.job_rows import JobRows
from assistant.doors.http.job_state import Job
from assistant.doors.http.job_store import JobStore
from assistant.doors.http.server_tables import ServerTables
from embeddings.cancellation import checkpoint
from embeddings.errors import LibraryUnreachable
from embeddings.outcome import Outcome
from tests.postgres_server import PostgresServer

Stores = list[JobStore]


@pytest.fixture(params=["files", "rows"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The stores of two processes that share one place."""
    if request.param == "files":
        yield [JobFiles(tmp_path), JobFiles(tmp_path)]
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    url = postgres.library_url()
    with ExitStack() as stack:
        yield [JobRows(stack.enter_context(closing(ServerTables(url)))) for _ in range(2)]


def test_a_job_of_one_process_is_told_followed_and_forgotten_by_another(stores: Stores) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work() -> Iterator[Outcome]:
        begun.set()
        may_end.wait()
        yield Outcome(status="added", title="A bridge")

    with closing(Jobs(stores[0])) as one, closing(Jobs(stores[1])) as two:
        job = one.start("fetch", work)
        begun.wait()
        assert two.get(job.id).state == "running"
        changes = two.follow(job.id, lambda: False)
        assert next(changes).state == "running"
        may_end.set()
        assert [(one.state, len(one.outcomes)) for one in changes][-1] == ("done", 1)
        assert [one.id for one in two.all()] == [job.id]
        two.cancel(job.id)
        for jobs in (one, two):
            with pytest.raises(JobNotFound):
                jobs.get(job.id)
        assert one.all() == two.all() == []


def test_a_job_of_one_process_is_cancelled_by_another(stores: Stores) -> None:
    begun = threading.Event()

    def work() -> Iterator[Outcome]:
        begun.set()
        while True:
            checkpoint()
        yield

    with closing(Jobs(stores[0])) as one, closing(Jobs(stores[1])) as two:
        job = one.start("fetch", work)
        begun.wait()
        two.cancel(job.id)
        assert [job.state for job in one.follow(job.id, lambda: False)][-1] == "cancelled"


def test_a_job_whose_process_is_killed_is_gone_unless_it_was_finished(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from assistant.doors.http.job_files import JobFiles;"
        "from assistant.doors.http.job_state import Job;"
        "files = JobFiles(pathlib.Path(sys.argv[1]));"
        "files.write(Job(id='a' * 32, kind='sync', state='running'));"
        "files.write(Job(id='b' * 32, kind='sync', state='done'))"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    files = JobFiles(tmp_path)
    assert files.read("a" * 32) is None
    assert [job.id for job in files.all()] == ["b" * 32]


def test_a_job_whose_server_is_gone_is_gone_unless_it_was_finished(postgres: PostgresServer) -> None:
    url = postgres.library_url()
    with closing(ServerTables(url)) as others, closing(ServerTables(url)) as own:
        theirs, ours = JobRows(others), JobRows(own)
        for job in (Job(id="a", kind="sync", state="running"), Job(id="b", kind="sync", state="done")):
            theirs.write(job)
        assert [job.id for job in ours.all()] == ["a", "b"]
        others.close()  # as the end of its process does
        while ours.read("a"):  # PostgreSQL needs a moment to see it
            pass
        assert [job.id for job in ours.all()] == ["b"]


def test_a_job_that_no_other_server_can_be_told_of_is_not_begun(postgres: PostgresServer) -> None:
    with closing(ServerTables(postgres.library_url())) as tables, closing(Jobs(JobRows(tables))) as jobs:
        postgres.stop()
        with pytest.raises(LibraryUnreachable):
            jobs.start("sync", lambda: iter([Outcome(status="added", title="A pier")]))
        postgres.start()
        assert jobs.all() == []


def test_a_job_outlasts_a_restart_of_the_database(postgres: PostgresServer) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work() -> Iterator[Outcome]:
        yield Outcome(status="added", title="A bridge")
        begun.set()
        may_end.wait()
        yield Outcome(status="added", title="A pier")

    with closing(ServerTables(postgres.library_url())) as tables, closing(Jobs(JobRows(tables))) as jobs:
        job = jobs.start("sync", work)
        begun.wait()
        postgres.stop()
        assert jobs.get(job.id).state == "running"
        with pytest.raises(LibraryUnreachable):
            jobs.get("a" * 32)
        postgres.start()
        may_end.set()
        assert [(one.state, len(one.outcomes)) for one in jobs.follow(job.id, lambda: False)][-1] == ("done", 2)


@pytest.mark.parametrize("job_id", ["*", "../a", "", "a" * 33])
def test_what_is_no_id_is_no_job(tmp_path: Path, job_id: str) -> None:
    files = JobFiles(tmp_path)
    files.write(Job(id="a" * 32, kind="sync"))
    assert files.read(job_id) is None
