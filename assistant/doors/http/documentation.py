"""The page at /docs: Swagger from this server alone, under a policy of its own that lets nothing else run."""

import base64
import hashlib
import re
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from assistant.doors.http.access import OPEN
from assistant.doors.http.headers import CLOSED

router = APIRouter(include_in_schema=False)

_ASSETS = "static-offline-docs"  # where FastAPIOffline mounts them
_INLINE = re.compile(r"<script>((?:(?!</?script>).)*+)</script>", re.DOTALL)


@router.get("/docs")
def documentation(request: Request) -> HTMLResponse:
    """The routes, to read and to try."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=request.app.title,
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url="static/icon.svg",
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


def name_what_is_open(app: FastAPI) -> None:
    """Say in the OpenAPI document which routes need no key."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        for method, path in OPEN:
            document["paths"].get(path, {}).get(method.lower(), {}).pop("security", None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _policy(html: str) -> str:
    """FastAPI's page has one inline script, which is let in by its hash; Swagger writes styles and data: images."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self'; {CLOSED}"
    )
