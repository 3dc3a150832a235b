"""The jobs of a server: work that outlasts a request, in threads of its own."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from assistant.doors.http.errors import InternalError, JobNotFound, TooMany
from assistant.doors.schemas import ErrorDetail, ErrorReply
from embeddings.cancellation import Cancelled, cancel_when
from embeddings.errors import ArticleAssistantError
from embeddings.outcome import Outcome

AT_ONCE = 2  # jobs that run at the same time
MAX_UNFINISHED, MAX_KEPT = 100, 200  # jobs; the oldest finished ones are forgotten
_POLL = 0.5  # seconds between two looks at whether a follower is still there

JobKind = Literal["fetch", "sync"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
FINISHED = {"done", "failed", "cancelled"}


class Job(BaseModel):
    """A job as it stands. A job whose every article was skipped has failed."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: JobKind
    state: State = "queued"
    done: Annotated[int, Field(ge=0, description="Articles that have an outcome.")] = 0
    total: Annotated[int | None, Field(description="Articles in all, if that is known.")] = None
    eta_s: Annotated[float | None, Field(description="Seconds that the rest will take, if that can be told.")] = None
    outcomes: tuple[Outcome, ...] = ()
    error: ErrorDetail | None = None


class JobList(BaseModel):
    """The jobs that are known, the newest first."""

    jobs: tuple[Job, ...]


class Jobs:
    """The jobs of a server. Safe to share between threads."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        self._jobs: dict[str, Job] = {}
        self._cancelled: set[str] = set()
        self._changed = Condition()

    def start(self, kind: JobKind, work: Callable[[], Iterator[Outcome]], total: int | None = None) -> Job:
        """Begin a job, which has an outcome for each article that ``work`` yields one for.

        Raises:
            TooMany: so many jobs are not finished.
        """
        job = Job(id=uuid4().hex, kind=kind, total=total)
        with self._changed:
            if sum(one.state not in FINISHED for one in self._jobs.values()) >= MAX_UNFINISHED:
                raise TooMany(
                    "Too many jobs are not finished.",
                    expected=f"at most {MAX_UNFINISHED} at a time",
                    got="one more",
                    seconds=10,
                )
            self._jobs[job.id] = job
            finished = [one.id for one in self._jobs.values() if one.state in FINISHED]
            for forgotten in finished[: max(0, len(self._jobs) - MAX_KEPT)]:
                del self._jobs[forgotten]
        self._pool.submit(self._run, job.id, work)
        return job

    def all(self) -> list[Job]:
        """Return the jobs, the newest first."""
        with self._changed:
            return list(self._jobs.values())[::-1]

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            JobNotFound: there is none with this id.
        """
        with self._changed:
            if job_id not in self._jobs:
                raise JobNotFound(job_id)
            return self._jobs[job_id]

    def cancel(self, job_id: str) -> None:
        """End a job; what it has stored stays. A finished one is forgotten.

        Raises:
            JobNotFound: there is none with this id.
        """
        job = self.get(job_id)
        with self._changed:
            self._cancelled.add(job_id)
            if job.state in FINISHED:
                self._jobs.pop(job_id, None)
        if job.state == "queued":
            self._update(job_id, state="cancelled")

    def follow(self, job_id: str, is_gone: Callable[[], bool]) -> Iterator[Job]:
        """Yield a job whenever it changes, until it is finished or ``is_gone`` is true.

        Raises:
            JobNotFound: there is none with this id.
        """
        last = None
        while not is_gone():
            with self._changed:
                if last is not None and self._jobs.get(job_id) == last:
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
        total = self._update(job_id, state="running").total
        try:
            with cancel_when(lambda: job_id in self._cancelled):
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
        return job
