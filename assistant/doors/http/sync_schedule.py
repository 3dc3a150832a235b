"""The sources that a server keeps its library in step with: each sync of one is a job."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock, Timeout

from assistant.doors.http.errors import JobNotFound, TooMany
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.startup import Startup
from assistant.settings import Settings
from embeddings.errors import LibraryUnreachable
from embeddings.outcome import Outcome


class SyncSchedule:
    """Starts a job whenever a source of the settings is due, in a thread for each source.

    Of several servers or processes over one library, one syncs a source: this one if ``take_turn`` says so, or is None.
    """

    def __init__(
        self, settings: Settings, startup: Startup, jobs: Jobs, take_turn: Callable[[str], bool] | None
    ) -> None:
        self._take_turn = take_turn
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

        for _ in due(source, self._seconds, self._stop):
            # It is due again soon; or it was cancelled and forgotten; or the database does not answer.
            with suppress(TooMany, JobNotFound, LibraryUnreachable):
                if self._take_turn is None or self._take_turn(source):
                    job = self._jobs.start("sync", partial(_changes, self._startup, source), name=source)
                    for _ in self._jobs.follow(job.id, self._stop.is_set):
                        pass


class FileTurns:
    """The turns to sync, among the processes that share a folder: a lock for each source, until its process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, FileLock] = {}

    def take_turn(self, source: str) -> bool:
        """Take the turn to sync a source from now on, unless another process has it."""
        name = f"{sha256(source.encode()).hexdigest()}.lock"
        lock = self._locks.setdefault(source, FileLock(self._folder / name, thread_local=False))
        with suppress(Timeout):
            if not lock.is_locked:
                lock.acquire(blocking=False)
        return lock.is_locked


def _changes(startup: Startup, source: str) -> Iterator[Outcome]:
    """Sync a source, and yield the outcomes of all articles but the unchanged ones."""
    return (outcome for outcome in startup.wait().sync_each(source) if outcome.status != "unchanged")
