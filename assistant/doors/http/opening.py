"""The one assistant behind the server, opened in the background so that the server answers at once."""

import asyncio
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from assistant.assistant import Assistant
from assistant.settings import Settings

_logger = logging.getLogger(__name__)


class Opening:
    """Opens the assistant and loads its models; requests wait for it. One that was given is not closed."""

    def __init__(self, settings: Settings, given: Assistant | None) -> None:
        self._settings = settings
        self._given = given

    def begin(self) -> None:
        """Open in the background, unless that has begun."""
        _ = self.future

    @cached_property
    def future(self) -> "Future[Assistant]":
        """The assistant, once it is open. Whoever asks first begins the opening."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="opening")
        future = pool.submit(self._open)
        future.add_done_callback(_report)
        pool.shutdown(wait=False)
        return future

    def _open(self) -> Assistant:
        assistant = self._given or Assistant.open(settings=self._settings)
        for notice in assistant.library.notices:
            _logger.warning(notice)
        assistant.load()
        return assistant

    def wait(self) -> Assistant:
        """The assistant; blocks until it is open, and raises why it could not be opened."""
        return self.future.result()

    @property
    def now(self) -> Assistant | None:
        """The assistant, if it is open."""
        return self.future.result() if self.future.done() and not self.future.exception() else None

    def close(self) -> None:
        """Wait for the opening to end, and close what it opened."""
        if self._given is None and self.future.exception() is None:
            self.future.result().close()


def _report(future: "Future[Assistant]") -> None:
    if error := future.exception():
        _logger.error("The library could not be opened: %s", error, exc_info=error)


async def _opened(request: Request) -> Assistant:
    opening: Opening = request.app.state.opening
    return await asyncio.shield(asyncio.wrap_future(opening.future))


Opened = Annotated[Assistant, Depends(_opened)]
