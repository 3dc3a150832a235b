"""Startup: the assistant is opened in the background, so that the server can answer at once."""

import asyncio
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request

from assistant.assistant import Assistant
from assistant.settings import Settings
from embeddings.errors import IndexUnavailable, LibraryUnreachable

_logger = logging.getLogger(__name__)

UNREACHABLE = (LibraryUnreachable, IndexUnavailable)
"""Errors that pass when another server is back."""


class Startup:
    """Opens the assistant and loads its models, while requests wait for it."""

    def __init__(self, settings: Settings, assistant: Assistant | None) -> None:
        """Use the given assistant, which the caller closes, or open one from the settings."""
        self._settings = settings
        self._assistant = assistant
        self._future: Future[Assistant] | None = None
        self._lock = Lock()

    def begin(self) -> "Future[Assistant]":
        """Start opening in the background, unless that was done before; again if it failed since a server was away."""
        with self._lock:
            if not self._future or (self._future.done() and isinstance(self._future.exception(), UNREACHABLE)):
                pool = ThreadPoolExecutor(1, thread_name_prefix="opening")
                self._future = pool.submit(self._open)
                self._future.add_done_callback(_log_failure)
                pool.shutdown(wait=False)
            return self._future

    @property
    def future(self) -> "Future[Assistant]":
        """The assistant once it is open; the first access starts the opening."""
        return self._future or self.begin()

    def _open(self) -> Assistant:
        assistant = self._assistant or Assistant.open(settings=self._settings)
        for notice in assistant.library.notices:
            _logger.warning(notice)
        assistant.load()
        return assistant

    def wait(self) -> Assistant:
        """Return the assistant; blocks until it is open, and raises the error if it could not be opened."""
        return self.begin().result()

    @property
    def ready(self) -> Assistant | None:
        """The assistant if it is open, else None."""
        future = self.future
        return future.result() if future.done() and not future.exception() else None

    def close(self) -> None:
        """Wait until the assistant is open, and close it unless it was given."""
        if self._assistant is None and self.future.exception() is None:
            self.future.result().close()


def _log_failure(future: "Future[Assistant]") -> None:
    if error := future.exception():
        _logger.error("The library could not be opened: %s", error, exc_info=error)


async def _opened(request: Request) -> Assistant:
    startup: Startup = request.app.state.startup
    return await asyncio.shield(asyncio.wrap_future(startup.begin()))


OpenAssistant = Annotated[Assistant, Depends(_opened)]
