"""HEAD wherever GET is: monitors and caches ask so, and the routes are declared for GET alone."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Head:
    """Answers HEAD as GET; the web server, which still sees HEAD, leaves the body out."""

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
            scope.update(inner, method="HEAD")  # the route that was found is in it, for the log and the figures
