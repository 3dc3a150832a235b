"""Files go out whole: they are small, and the framework would refuse a wrong Range in a form of its own."""

from starlette.types import ASGIApp, Receive, Scope, Send


class NoRanges:
    """Forgets which part of a file was asked for, as a server may."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await self.app(scope, receive, send)
