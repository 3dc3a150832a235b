"""Work that runs in a thread while a client listens, and ends when the client has left."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event
from typing import TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse

T = TypeVar("T")

LOOK_UP = 0.2  # seconds between two looks whether the client is still there


def event_stream(request: Request, work: Callable[[Callable[[], bool]], Iterator[str]]) -> StreamingResponse:
    """The response of what ``work`` yields. It is given a function that says whether the client has left."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_watched(request, work), headers=headers, media_type="text/event-stream")


async def _watched(request: Request, work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncIterator[T]:
    left, end = Event(), object()
    items = work(left.is_set)
    try:
        while True:
            pulled = asyncio.ensure_future(asyncio.to_thread(next, items, end))
            while not pulled.done():
                await asyncio.wait({pulled}, timeout=LOOK_UP)
                if await request.is_disconnected():
                    left.set()
            if (item := pulled.result()) is end:
                return
            yield item  # type: ignore[misc]  # it is not the end
    finally:
        left.set()
