"""The sources that a server keeps its library in step with: each sync of one is a job."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock, Timeout

from assistant.doors.http.errors import JobNotFound, TooMany
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.startup import Startup
from assistant.settings import Settings
from embeddings.outcome import Outcome

_TURN = 1.0  # seconds between two looks at whether another process keeps to the schedule


class SyncSchedule:
    """Starts a job whenever a source of the settings is due, in a thread for each source.

    Of the processes that share a folder, one at a time keeps to it.
    """

    def __init__(self, settings: Settings, startup: Startup, jobs: Jobs, shared: Path | None = None) -> None:
        self._lock = FileLock(shared / "sync.lock", thread_local=False) if shared else None
        self._startup, self._jobs, self._seconds = startup, jobs, settings.sync_seconds
        self._stop = Event()
        self._threads = [
            Thread(target=self._keep, args=(source,), name="sync", daemon=True) for source in settings.sync_sources
        ]

    def begin(self) -> None:
        """Start the first syncs, once the library is open."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Start no more of them. One that runs is not waited for."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _keep(self, source: str) -> None:
        from assistant.sync.schedule import due

        if not self._is_our_turn():
            return
        for _ in due(source, self._seconds, self._stop):
            with suppress(TooMany, JobNotFound):  # it is due again soon; or it was cancelled and forgotten
                job = self._jobs.start("sync", partial(_changes, self._startup, source))
                for _ in self._jobs.follow(job.id, self._stop.is_set):
                    pass

    def _is_our_turn(self) -> bool:
        """Wait until no other process keeps to the schedule; False if it is closed meanwhile."""
        while self._lock and not self._lock.is_locked and not self._stop.is_set():
            with suppress(Timeout):
                self._lock.acquire(timeout=_TURN, poll_interval=_TURN)
        return not self._stop.is_set()


def _changes(startup: Startup, source: str) -> Iterator[Outcome]:
    """Sync a source, and yield the outcomes of all articles but the unchanged ones."""
    return (outcome for outcome in startup.wait().sync_each(source) if outcome.status != "unchanged")
