"""The jobs of a server: work that outlasts a request, in threads of its own."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Condition, Lock
from uuid import uuid4

from assistant.doors.http.errors import InternalError, JobNotFound, TooMany
from assistant.doors.http.job_state import FINISHED, Job, JobKind
from assistant.doors.http.job_store import JobStore
from assistant.doors.schemas import ErrorReply
from embeddings.cancellation import Cancelled, cancel_when
from embeddings.errors import ArticleAssistantError, LibraryUnreachable
from embeddings.outcome import Outcome

AT_ONCE = 2  # jobs that run at the same time
MAX_UNFINISHED, MAX_KEPT = 100, 200  # jobs; the oldest finished ones are forgotten
_POLL = 0.5  # seconds between two looks at whether a follower is still there
_TELLING = 0.5  # seconds between two writes of a job whose state stays the same


class Jobs:
    """The jobs of a server. Safe to share between threads; several servers or processes may share a store of them."""

    def __init__(self, store: JobStore | None = None) -> None:
        self._store = store
        self._told: dict[str, tuple[str, float]] = {}  # the state that the store has of a job, and since when
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        self._jobs: dict[str, Job] = {}
        self._cancelled: set[str] = set()
        self._changed = Condition()
        self._telling = Lock()

    def start(
        self, kind: JobKind, work: Callable[[], Iterator[Outcome]], total: int | None = None, *, name: str = ""
    ) -> Job:
        """Begin a job, which has an outcome for each article that ``work`` yields one for.

        Raises:
            TooMany: so many jobs are not finished.
            LibraryUnreachable: the store cannot be told; then the job is not begun.
        """
        job = Job(id=uuid4().hex, kind=kind, name=name, total=total)
        with self._changed:
            if len(self._unfinished()) >= MAX_UNFINISHED:
                raise TooMany(
                    "Too many jobs are not finished.",
                    expected=f"at most {MAX_UNFINISHED} at a time",
                    got="one more",
                    seconds=10,
                )
            self._jobs[job.id] = job
            finished = [one.id for one in self._jobs.values() if one.state in FINISHED]
            too_old = finished[: max(0, len(self._jobs) - MAX_KEPT)]
        try:
            for forgotten in too_old:
                self._forget(forgotten)
            self._tell(job.id)
        except LibraryUnreachable:
            with self._changed:
                del self._jobs[job.id]
            raise
        self._pool.submit(self._run, job.id, work)
        return job

    def all(self) -> list[Job]:
        """Return the jobs, the newest first."""
        told = {job.id: job for job in self._store.all()} if self._store else {}
        with self._changed:
            return list((told | (self._unfinished() if self._store else self._jobs)).values())[::-1]

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            JobNotFound: there is none with this id.
        """
        with self._changed:
            job = (self._unfinished() if self._store else self._jobs).get(job_id)
        if job is None and self._store:
            job = self._store.read(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return job

    def cancel(self, job_id: str) -> None:
        """End a job; what it has stored stays. A finished one is forgotten.

        Raises:
            JobNotFound: there is none with this id.
        """
        job = self.get(job_id)
        with self._changed:
            self._cancelled.add(job_id)
        if job.state in FINISHED:
            self._forget(job_id)
        elif self._store:
            self._store.cancel(job_id)
        if job.state == "queued" and job_id in self._jobs:
            self._update(job_id, state="cancelled")

    def follow(self, job_id: str, is_gone: Callable[[], bool]) -> Iterator[Job]:
        """Yield a job whenever it changes, until it is finished or ``is_gone`` is true.

        Raises:
            JobNotFound: there is none with this id.
        """
        last = None
        while not is_gone():
            with self._changed:
                if last is not None and (self._store or self._jobs.get(job_id) == last):
                    self._changed.wait(_POLL)
            if (job := self.get(job_id)) != last:
                yield job
            if job.state in FINISHED:
                return
            last = job

    def close(self) -> None:
        """Cancel every job and wait until they have ended."""
        with self._changed:
            self._cancelled.update(self._jobs)
        self._pool.shutdown(cancel_futures=True)

    def _run(self, job_id: str, work: Callable[[], Iterator[Outcome]]) -> None:
        started, outcomes = time.monotonic(), list[Outcome]()
        if job_id in self._cancelled:
            return
        if self._is_cancelled(job_id):
            self._update(job_id, state="cancelled")
            return
        total = self._update(job_id, state="running").total
        try:
            with cancel_when(lambda: self._is_cancelled(job_id)):
                for outcome in work():
                    outcomes.append(outcome)
                    each = (time.monotonic() - started) / len(outcomes)
                    eta = round(each * (total - len(outcomes)), 1) if total else None
                    self._update(job_id, done=len(outcomes), outcomes=tuple(outcomes), eta_s=eta)
        except Cancelled:
            self._update(job_id, state="cancelled", eta_s=None)
        except ArticleAssistantError as error:
            self._update(job_id, state="failed", eta_s=None, error=ErrorReply.of(error).error)
        except Exception:
            self._update(job_id, state="failed", eta_s=None, error=ErrorReply.of(InternalError()).error)
            raise
        else:
            refused = next((one.error for one in outcomes if one.error), None)
            failed = refused is not None and all(one.status == "skipped" for one in outcomes)
            reason = ErrorReply.of(refused).error if failed and refused else None
            self._update(job_id, state="failed" if failed else "done", eta_s=None, error=reason)

    def _update(self, job_id: str, **changes: object) -> Job:
        with self._changed:
            job = self._jobs[job_id].model_copy(update=changes)
            self._jobs[job_id] = job
            self._changed.notify_all()
        with suppress(LibraryUnreachable):  # the job goes on; it is told with its next change
            self._tell(job_id)
        return job

    def _tell(self, job_id: str) -> None:
        """Write a job into the store as it stands by now: each of its states, and of its outcomes from time to time.

        Others wait for this lock only to write, not to read a job, because the store may be another machine.
        """
        with self._telling:
            job, now = self._jobs.get(job_id), time.monotonic()
            state, since = self._told.get(job_id, ("", 0.0))
            if self._store and job and (job.state != state or now - since >= _TELLING):
                self._store.write(job)
                self._told[job_id] = job.state, now

    def _unfinished(self) -> dict[str, Job]:
        """The jobs of this process that are not finished, of which it knows more than the store."""
        return {job.id: job for job in self._jobs.values() if job.state not in FINISHED}

    def _is_cancelled(self, job_id: str) -> bool:
        if job_id in self._cancelled or self._store is None:
            return job_id in self._cancelled
        with suppress(LibraryUnreachable):
            return self._store.is_cancelled(job_id)
        return False

    def _forget(self, job_id: str) -> None:
        with self._changed:
            self._jobs.pop(job_id, None)
            self._told.pop(job_id, None)
        if self._store:
            self._store.forget(job_id)
