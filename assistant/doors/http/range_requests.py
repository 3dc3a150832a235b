"""Range requests, which are not supported.

Files are small, and the framework would answer an invalid Range with an error body of its own.
"""

from starlette.types import ASGIApp, Receive, Scope, Send


class IgnoreRange:
    """Middleware that drops the Range header, as RFC 9110 allows, so that files are always sent whole."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await self.app(scope, receive, send)
