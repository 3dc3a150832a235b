"""Routes to follow, list and cancel jobs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sse_starlette import EventSourceResponse

from assistant.doors.http.admission import FollowerWorker
from assistant.doors.http.errors import error_responses
from assistant.doors.http.job_registry import Jobs
from assistant.doors.http.job_state import Job, JobList
from assistant.doors.http.streaming import event_stream


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


ServerJobs = Annotated[Jobs, Depends(_jobs)]
router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", summary="List the jobs", responses=error_responses(422, 500))
def list_jobs(jobs: ServerJobs) -> JobList:
    """Lists the jobs of this server, the newest first, finished ones too."""
    return JobList(jobs=tuple(jobs.all()))


@router.get("/{job_id}", summary="Read a job", responses=error_responses(404, 422, 500))
def show(job_id: str, jobs: ServerJobs) -> Job:
    """One job as it stands."""
    return jobs.get(job_id)


@router.get(
    "/{job_id}/events",
    summary="Follow a job",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}, **error_responses(404, 422, 500)},
)
async def follow(job_id: str, jobs: ServerJobs, worker: FollowerWorker) -> EventSourceResponse:
    """Streams the job whenever it changes, as events `job`; the last one is finished."""
    jobs.get(job_id)
    return event_stream(
        worker,
        lambda is_gone, _: ({"event": "job", "data": job.model_dump_json()} for job in jobs.follow(job_id, is_gone)),
        lambda error: {"event": "error", "data": error.model_dump_json()},
    )


@router.delete("/{job_id}", summary="Cancel a job", status_code=204, responses=error_responses(404, 422, 500))
def cancel(job_id: str, jobs: ServerJobs) -> None:
    """Cancels a job, and forgets one that is finished. Articles that it has stored stay."""
    jobs.cancel(job_id)
