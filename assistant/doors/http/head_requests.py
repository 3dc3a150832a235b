"""Support for HEAD on every GET route: monitors and caches use it, and the routes are declared for GET only."""

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadRequests:
    """Middleware that handles HEAD as GET; the web server still sees HEAD and omits the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, send)
        finally:
            scope.update(inner, method="HEAD")  # the request log and the metrics read the route from the scope
