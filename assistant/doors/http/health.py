"""Health checks: liveness and readiness."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from assistant.assistant import Assistant
from assistant.doors.http.errors import NotReady
from assistant.doors.http.startup import UNREACHABLE, Startup
from assistant.doors.schemas import ErrorReply
from embeddings.errors import ArticleAssistantError

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The state of the server."""

    status: Literal["live", "ready"]


@router.get("/live", summary="Liveness")
async def live() -> Health:
    """Answers at once, even while the model is loading."""
    return Health(status="live")


# With ``model``, FastAPI adds the schema of ErrorReply to the OpenAPI document; the other routes only refer to it.
_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": ErrorReply, "description": "Not ready"}}


@router.get("/ready", summary="Readiness", responses=_NOT_READY)
def ready(request: Request) -> Health:
    """Answers 200 when the models are loaded, and the library's database and indexes answer."""
    startup: Startup = request.app.state.startup
    if not startup.future.done():
        got, hint = "still loading", "Ask again in a few seconds."
    elif error := startup.future.exception() or _failure(startup.future.result()):
        startup.begin()
        got, hint = f"{type(error).__name__}: {error}", "Look at the server's log, repair the cause and start it again."
        if isinstance(error, UNREACHABLE):
            hint = error.hint
    else:
        return Health(status="ready")
    expected = "loaded models, and a database and indexes that answer"
    raise NotReady("The server cannot answer questions.", expected=expected, got=got, hint=hint)


def _failure(assistant: Assistant) -> ArticleAssistantError | None:
    try:
        assistant.library.ping()
    except ArticleAssistantError as error:
        return error
    return None
