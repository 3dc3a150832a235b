"""Jobs as files in a folder that the processes of one server share: each tells and cancels those of the others too."""

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from assistant.doors.http.job_state import FINISHED, Job

_ID = re.compile("[0-9a-f]{32}")


class JobFiles:
    """The files: one of each job, whose name tells when it was begun and by which process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[str, Path] = {}  # of this process's jobs

    def write(self, job: Job) -> None:
        """Tell a job of this process as it stands."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{job.id}.json"
        file = self._paths.setdefault(job.id, self._folder / name)
        unfinished = file.with_suffix(".part")
        unfinished.write_text(job.model_dump_json(), "utf-8")
        unfinished.replace(file)

    def read(self, job_id: str) -> Job | None:
        """Return a job, or None if there is none with this id."""
        files = self._folder.glob(f"*-{job_id}.json") if _ID.fullmatch(job_id) else ()
        return next((job for file in files if (job := _read(file))), None)

    def all(self) -> list[Job]:
        """Return the jobs of all processes, the oldest first."""
        return [job for file in sorted(self._folder.glob("*.json")) if (job := _read(file))]

    def cancel(self, job_id: str) -> None:
        """Ask the process that a job belongs to to cancel it."""
        (self._folder / f"{job_id}.cancel").touch()

    def is_cancelled(self, job_id: str) -> bool:
        """Return True if a process has asked for that."""
        return (self._folder / f"{job_id}.cancel").exists()

    def forget(self, job_id: str) -> None:
        """Delete what is known of a job."""
        self._paths.pop(job_id, None)
        for file in self._folder.glob(f"*{job_id}.*"):
            file.unlink(missing_ok=True)


def _read(file: Path) -> Job | None:
    """Return the job of a file, unless it was forgotten meanwhile, or its process ended before it was finished."""
    with suppress(FileNotFoundError):
        job = Job.model_validate_json(file.read_text("utf-8"))
        if job.state in FINISHED or _is_alive(int(file.name.split("-")[1])):
            return job
    return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
