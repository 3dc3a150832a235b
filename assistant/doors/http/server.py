"""The uvicorn server with this project's connection class and timeouts."""

from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from assistant.doors.http.connection import Connection

if TYPE_CHECKING:
    from fastapi import FastAPI

_KEEP_ALIVE = 75  # seconds; longer than clients and proxies keep a connection, else they may write to a closed one
SHUTDOWN_TIMEOUT = 30  # seconds in which requests may finish when the server shuts down


def web_server(app: "FastAPI") -> uvicorn.Server:
    """Return a server for an application made by ``create_app``."""
    config = uvicorn.Config(
        app,
        http=partial(Connection, settings=app.state.settings),  # type: ignore[arg-type]  # uvicorn calls it to make the protocol
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        timeout_keep_alive=_KEEP_ALIVE,
    )
    return uvicorn.Server(config)
