"""Routes of the web pages: the chat and the reading page, which highlights cited characters."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from assistant.doors import page
from assistant.doors.http.errors import error_responses
from assistant.doors.http.security_headers import PAGE_POLICY
from assistant.doors.http.startup import OpenAssistant

router = APIRouter(tags=["reading"])


class StaticAssets(StaticFiles):
    """The pages' styles and scripts; browsers cache them and revalidate by ETag, so that an upgrade shows at once."""

    def __init__(self) -> None:
        super().__init__(directory=page.ASSETS)

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Return the file, or 304 if it has not changed."""
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = "no-cache"
        return response


@router.get("/", summary="Ask questions as a person", response_class=HTMLResponse)
def chat() -> HTMLResponse:
    """The chat page."""
    return HTMLResponse(page.CHAT, headers={"Content-Security-Policy": PAGE_POLICY})


@router.get(
    "/read/{article_id}",
    summary="Read an article as a page",
    response_class=HTMLResponse,
    responses=error_responses(404, 409, 422, 500, 503),
)
def read(article_id: str, assistant: OpenAssistant) -> HTMLResponse:
    """The article as a page. `#c=start-end` (code points, several separated by commas) is highlighted."""
    return HTMLResponse(page.render(assistant.get(article_id)), headers={"Content-Security-Policy": PAGE_POLICY})
