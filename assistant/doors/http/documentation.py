"""The API documentation at /docs: Swagger UI served from this server, with a content security policy of its own."""

import base64
import hashlib
import re
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from assistant.doors.http.access_control import PUBLIC_ROUTES
from assistant.doors.http.security_headers import COMMON_POLICY

router = APIRouter(include_in_schema=False)

_ASSETS = "static-offline-docs"  # where FastAPIOffline mounts them
_INLINE = re.compile(r"<script>((?:(?!</?script>).)*+)</script>", re.DOTALL)


@router.get("/docs")
def documentation(request: Request) -> HTMLResponse:
    """The page with all routes, to read and to try."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=request.app.title,
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url="static/icon.svg",
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


def mark_public_routes(app: FastAPI) -> None:
    """Remove the security requirement from the public routes in the OpenAPI document."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        for method, path in PUBLIC_ROUTES:
            document["paths"].get(path, {}).get(method.lower(), {}).pop("security", None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI documents


def _policy(html: str) -> str:
    """The page's policy: its inline script is allowed by its hash; Swagger UI needs inline styles and data: images."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self'; {COMMON_POLICY}"
    )
