"""Jobs as rows of a PostgreSQL database that several servers share: each tells and cancels those of the others too."""

import time

from assistant.doors.http.job_state import FINISHED, Job
from assistant.doors.http.server_tables import ServerTables

_KEPT = 200  # finished jobs of all servers
_INTERVAL = 0.5  # seconds for which a process remembers that a job is not cancelled
# Of a job that is finished, or whose server is still connected.
_KNOWN = """(is_finished OR EXISTS (
    SELECT FROM pg_stat_activity WHERE pid = process AND backend_start = process_begun))"""


class JobRows:
    """The rows: one of each job, with the connection that ends when its server does."""

    def __init__(self, tables: ServerTables) -> None:
        self._tables = tables
        self._looked: dict[str, float] = {}  # when a job of this process was last found not to be cancelled

    def write(self, job: Job) -> None:
        """Tell a job of this process as it stands."""
        self._tables.execute(
            """INSERT INTO server_jobs (id, job, is_finished, process, process_begun)
            SELECT ?, ?, ?, pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
            ON CONFLICT (id) DO UPDATE SET job = EXCLUDED.job, is_finished = EXCLUDED.is_finished,
                process = EXCLUDED.process, process_begun = EXCLUDED.process_begun""",
            (job.id, job.model_dump_json(), job.state in FINISHED),
        )
        if job.state in FINISHED:
            self._looked.pop(job.id, None)
            self._tables.execute(
                f"""DELETE FROM server_jobs WHERE NOT {_KNOWN} OR id IN (
                    SELECT id FROM server_jobs WHERE is_finished ORDER BY begun DESC OFFSET ?)""",  # noqa: S608
                (_KEPT,),
            )

    def read(self, job_id: str) -> Job | None:
        """Return a job, or None if there is none with this id."""
        rows = self._tables.execute(f"SELECT job FROM server_jobs WHERE id = ? AND {_KNOWN}", (job_id,))  # noqa: S608
        return next((Job.model_validate_json(job) for (job,) in rows), None)

    def all(self) -> list[Job]:
        """Return the jobs of all servers, the oldest first."""
        rows = self._tables.execute(f"SELECT job FROM server_jobs WHERE {_KNOWN} ORDER BY begun")  # noqa: S608
        return [Job.model_validate_json(job) for (job,) in rows]

    def cancel(self, job_id: str) -> None:
        """Ask the server that a job belongs to to cancel it."""
        self._tables.execute("UPDATE server_jobs SET is_cancelled = TRUE WHERE id = ?", (job_id,))

    def is_cancelled(self, job_id: str) -> bool:
        """Return True if a server has asked for that; asked often, the table is read twice a second."""
        now = time.monotonic()
        if now - self._looked.get(job_id, 0.0) < _INTERVAL:
            return False
        if self._tables.execute("SELECT id FROM server_jobs WHERE id = ? AND is_cancelled", (job_id,)):
            return True
        self._looked[job_id] = now
        return False

    def forget(self, job_id: str) -> None:
        """Delete what is known of a job."""
        self._looked.pop(job_id, None)
        self._tables.execute("DELETE FROM server_jobs WHERE id = ?", (job_id,))
