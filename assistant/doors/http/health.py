"""Whether the server is there, and whether it can answer."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from assistant.doors.http.errors import NotReady
from assistant.doors.http.opening import Opening
from assistant.doors.schemas import ErrorReply

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The state of the server."""

    status: Literal["live", "ready"]


@router.get("/live", summary="The process is there")
async def live() -> Health:
    """Answers at once, also while the model is loading."""
    return Health(status="live")


# The model brings its schema into the document, to which the errors of all routes refer.
_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": ErrorReply, "description": "Not ready"}}


@router.get("/ready", summary="Questions can be answered", responses=_NOT_READY)
async def ready(request: Request) -> Health:
    """The model and the index are loaded."""
    opening: Opening = request.app.state.opening
    if not opening.future.done():
        got, hint = "still loading", "Ask again in a few seconds."
    elif error := opening.future.exception():
        got, hint = f"{type(error).__name__}: {error}", "Look at the server's log, mend the cause, start it again."
    else:
        return Health(status="ready")
    raise NotReady("The server cannot answer questions.", expected="a loaded model and index", got=got, hint=hint)
