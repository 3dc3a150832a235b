"""Events made in a thread while a client listens; when the client has left, the work ends."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event

from fastapi import Request
from fastapi.responses import StreamingResponse

from assistant.api.errors import Unforeseen
from assistant.wire import ErrorReply
from embeddings.errors import ArticleAssistantError

LOOK_UP = 0.2  # seconds between two looks whether the client is still there

Left = Callable[[], bool]

_logger = logging.getLogger(__name__)


def event_stream(
    request: Request, work: Callable[[Left], Iterator[str]], failed: Callable[[ErrorReply], str]
) -> StreamingResponse:
    """The response of what ``work`` yields; it is given a function that says whether the client has left.

    ``failed`` makes the event that ends a stream whose work failed.
    """
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    left = Event()
    events = _watched(request, _ended(work(left.is_set), failed), left)
    return StreamingResponse(events, headers=headers, media_type="text/event-stream")


async def _watched(request: Request, events: Iterator[str], left: Event) -> AsyncIterator[str]:
    try:
        while True:
            # Not a task of the framework's: it cannot be cancelled in the thread, but it ends soon after `left` is set.
            pulled = asyncio.ensure_future(asyncio.to_thread(next, events, None))
            while not pulled.done():
                await asyncio.wait({pulled}, timeout=LOOK_UP)
                if await request.is_disconnected():
                    left.set()
            if (event := pulled.result()) is None:
                return
            yield event
    finally:
        left.set()


def _ended(events: Iterator[str], failed: Callable[[ErrorReply], str]) -> Iterator[str]:
    try:
        yield from events
    except ArticleAssistantError as error:
        yield failed(ErrorReply.of(error))
    except Exception:
        _logger.exception("A stream failed.")
        yield failed(ErrorReply.of(Unforeseen()))
