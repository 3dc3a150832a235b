"""Where the processes and machines of one server tell each other of their jobs."""

from typing import Protocol

from assistant.doors.http.job_state import Job


class JobStore(Protocol):
    """What :class:`JobFiles` (processes of one machine) and :class:`JobRows` (several machines) promise alike.

    Each method raises LibraryUnreachable while the store cannot be reached.
    """

    def write(self, job: Job) -> None:
        """Tell a job of this process as it stands."""

    def read(self, job_id: str) -> Job | None:
        """Return a job, or None if there is none with this id."""

    def all(self) -> list[Job]:
        """Return the jobs of all processes, the oldest first, without those whose process ended before they did."""

    def cancel(self, job_id: str) -> None:
        """Ask the process that a job belongs to to cancel it."""

    def is_cancelled(self, job_id: str) -> bool:
        """Return True if a process has asked for that."""

    def forget(self, job_id: str) -> None:
        """Delete what is known of a job."""
