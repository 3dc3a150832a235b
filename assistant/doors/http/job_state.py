"""A job as it stands, in the words of the API."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.doors.schemas import ErrorDetail
from embeddings.outcome import Outcome

JobKind = Literal["fetch", "sync", "upload"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
FINISHED = {"done", "failed", "cancelled"}


class Job(BaseModel):
    """A job as it stands. A job whose every article was skipped has failed."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: JobKind
    name: Annotated[str, Field(description="The address or the file that it reads.")] = ""
    state: State = "queued"
    done: Annotated[int, Field(ge=0, description="Articles that have an outcome.")] = 0
    total: Annotated[int | None, Field(description="Articles in all, if that is known.")] = None
    eta_s: Annotated[float | None, Field(description="Seconds that the rest will take, if that can be told.")] = None
    outcomes: tuple[Outcome, ...] = ()
    error: ErrorDetail | None = None


class JobList(BaseModel):
    """The jobs that are known, the newest first."""

    jobs: tuple[Job, ...]
