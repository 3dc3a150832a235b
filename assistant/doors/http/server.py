"""The uvicorn server with this project's connection class and timeouts."""

from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from assistant.doors.http.connection import Connection
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_KEEP_ALIVE = 75  # seconds; longer than clients and proxies keep a connection, else they may write to a closed one
SHUTDOWN_TIMEOUT = 30  # seconds in which requests may finish when the server shuts down
_WORKER_TIMEOUT = 120  # seconds in which a worker has to begin or to answer its supervisor, else it is replaced


def web_server(app: "FastAPI") -> uvicorn.Server:
    """Return a server for an application made by ``create_app``."""
    return uvicorn.Server(server_config(app, app.state.settings))


def server_config(app: "FastAPI | str", settings: Settings, workers: int = 1) -> uvicorn.Config:
    """Return the configuration for an application, or for the name of a function that makes one in each worker."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        http=partial(Connection, settings=settings),  # type: ignore[arg-type]  # uvicorn calls it to make the protocol
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_worker_healthcheck=_WORKER_TIMEOUT,
    )
