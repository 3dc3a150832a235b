"""The pages: the chat, and an article as a person reads it, with the cited characters highlighted."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from assistant import page
from assistant.api.errors import documented
from assistant.api.opening import Opened

router = APIRouter(tags=["reading"])

_SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",  # the browser itself refuses to parse text as HTML
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Assets(StaticFiles):
    """The pages' styles and scripts. Browsers keep them and ask by ETag if they hold: an upgrade shows at once."""

    def __init__(self) -> None:
        super().__init__(directory=page.ASSETS)

    def file_response(self, *args: Any, **options: Any) -> Response:
        """A file, or that it has not changed."""
        response = super().file_response(*args, **options)
        response.headers.update({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})
        return response


@router.get("/", summary="Ask questions as a person")
def chat() -> HTMLResponse:
    """The chat page."""
    return HTMLResponse(page.CHAT, headers=_SAFE)


@router.get("/read/{article_id}", summary="Read an article as a page", responses=documented(404, 409, 422, 500, 503))
def read(article_id: str, assistant: Opened) -> HTMLResponse:
    """The article as a page. `#c=start-end` (code points, several parted by commas) is highlighted."""
    return HTMLResponse(page.render(assistant.get(article_id)), headers=_SAFE)
