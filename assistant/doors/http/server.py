"""The uvicorn server with this project's connection class and timeouts, in one process or several."""

import os
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from assistant.doors.http.connection import Connection
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_KEEP_ALIVE = 75  # seconds; longer than clients and proxies keep a connection, else they may write to a closed one
SHUTDOWN_TIMEOUT = 30  # seconds in which requests may finish when the server shuts down
_WORKER_TIMEOUT = 120  # seconds in which a worker has to begin or to answer its supervisor, else it is replaced
_SHARED = "ASSISTANT_WORKERS_FOLDER"  # tells the workers of one server the folder that they share


def web_server(app: "FastAPI") -> uvicorn.Server:
    """Return a server for an application made by ``create_app``."""
    return uvicorn.Server(_config(app, app.state.settings))


def serve_with_workers(settings: Settings, listener: socket, workers: int) -> None:
    """Serve from several processes, which are replaced when they end, until SIGINT or SIGTERM."""
    with TemporaryDirectory(prefix="assistant-") as shared:
        os.environ |= {
            "ASSISTANT_LIBRARY": str(settings.library),
            "ASSISTANT_HOST": settings.host,
            "ASSISTANT_PORT": str(settings.port),
            _SHARED: shared,
        }
        Multiprocess(_config(f"{__name__}:worker_app", settings, workers), [listener]).run()


def worker_app() -> "FastAPI":
    """Return the application of a worker, which has its settings from the environment."""
    from assistant.doors.http.app import create_app
    from assistant.doors.http.json_logging import log_as_json
    from assistant.doors.http.memory import release_freed_memory

    log_as_json()
    release_freed_memory()
    return create_app(Settings(), shared=Path(os.environ[_SHARED]))


def _config(app: "FastAPI | str", settings: Settings, workers: int = 1) -> uvicorn.Config:
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
