"""Jobs of a server of several processes: each tells and cancels those of the others."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.doors.http.errors import JobNotFound
from assistant.doors.http.job_files import JobFiles
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.job_state import Job
from embeddings.cancellation import checkpoint
from embeddings.outcome import Outcome


def test_a_job_of_one_process_is_told_followed_and_forgotten_by_another(tmp_path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work() -> Iterator[Outcome]:
        begun.set()
        may_end.wait()
        yield Outcome(status="added", title="A bridge")

    with closing(Jobs(tmp_path)) as one, closing(Jobs(tmp_path)) as two:
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
    assert list(tmp_path.iterdir()) == []


def test_a_job_of_one_process_is_cancelled_by_another(tmp_path: Path) -> None:
    begun = threading.Event()

    def work() -> Iterator[Outcome]:
        begun.set()
        while True:
            checkpoint()
        yield

    with closing(Jobs(tmp_path)) as one, closing(Jobs(tmp_path)) as two:
        job = one.start("fetch", work)
        begun.wait()
        two.cancel(job.id)
        assert [job.state for job in one.follow(job.id, lambda: False)][-1] == "cancelled"


def test_a_job_that_its_process_did_not_finish_is_gone_with_it(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("job_id", ["*", "../a", "", "a" * 33])
def test_what_is_no_id_is_no_job(tmp_path: Path, job_id: str) -> None:
    files = JobFiles(tmp_path)
    files.write(Job(id="a" * 32, kind="sync"))
    assert files.read(job_id) is None
