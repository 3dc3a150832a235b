"""The web server around the application, the same for people, tests and benchmarks."""

from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from assistant.doors.http.connection import Connection

if TYPE_CHECKING:
    from fastapi import FastAPI

_IDLE = 75  # seconds; longer than proxies and clients keep a connection, or they would write to one just closed
FINISHING = 30  # seconds that requests have left when the server is told to stop


def web_server(app: "FastAPI") -> uvicorn.Server:
    """A server for an application of ``create_app``."""
    config = uvicorn.Config(
        app,
        http=partial(Connection, settings=app.state.settings),  # type: ignore[arg-type]  # it makes the protocol
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=FINISHING,
        timeout_keep_alive=_IDLE,
    )
    return uvicorn.Server(config)
