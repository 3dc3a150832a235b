"""The pages: the chat, and an article as a person reads it, with the cited characters highlighted."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from assistant.doors import page
from assistant.doors.http.errors import documented
from assistant.doors.http.headers import PAGE_POLICY
from assistant.doors.http.opening import Opened

router = APIRouter(tags=["reading"])


class Assets(StaticFiles):
    """The pages' styles and scripts. Browsers keep them and ask by ETag if they hold: an upgrade shows at once."""

    def __init__(self) -> None:
        super().__init__(directory=page.ASSETS)

    def file_response(self, *args: Any, **options: Any) -> Response:
        """A file, or that it has not changed."""
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
    responses=documented(404, 409, 422, 500, 503),
)
def read(article_id: str, assistant: Opened) -> HTMLResponse:
    """The article as a page. `#c=start-end` (code points, several parted by commas) is highlighted."""
    return HTMLResponse(page.render(assistant.get(article_id)), headers={"Content-Security-Policy": PAGE_POLICY})
