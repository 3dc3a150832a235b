"""A server of several processes, the workers, which serve one library on one port."""

import os
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from assistant.doors.http.app import create_app
from assistant.doors.http.json_logging import log_as_json
from assistant.doors.http.memory import release_freed_memory
from assistant.doors.http.server import server_config
from assistant.settings import Settings
from embeddings.converted_network import limit_threads

_SHARED = "ASSISTANT_WORKERS_FOLDER"  # tells the workers of one server the folder that they share
_THREADS = "ASSISTANT_WORKER_THREADS"  # and in how many threads each of them runs its networks


def serve_with_workers(settings: Settings, listener: socket, workers: int) -> None:
    """Serve from several processes, which are replaced when they end, until SIGINT or SIGTERM."""
    with TemporaryDirectory(prefix="assistant-") as shared:
        os.environ |= {
            "ASSISTANT_LIBRARY": str(settings.library),
            "ASSISTANT_HOST": settings.host,
            "ASSISTANT_PORT": str(settings.port),
            _SHARED: shared,
            _THREADS: str(max(1, (os.cpu_count() or 1) // workers)),
        }
        Multiprocess(server_config(f"{__name__}:worker_app", settings, workers), [listener]).run()


def worker_app() -> FastAPI:
    """Return the application of a worker, which has its settings from the environment."""
    log_as_json()
    release_freed_memory()
    limit_threads(int(os.environ[_THREADS]))
    return create_app(shared=Path(os.environ[_SHARED]))
