"""Who is computed for, and who has to come again: a few at once, a bounded number waiting, and 429 past that."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Event, Lock
from time import perf_counter
from typing import Annotated, Any, TypeVar, TypeVarTuple

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from assistant.doors.http.errors import TooMany

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Admission:
    """Computes on threads of its own, off the event loop. A place is taken from the asking to the end of the work."""

    def __init__(self, what: str, *, at_once: int, waiting: int) -> None:
        """``what`` is computed, in the plural; ``at_once`` of them, while ``waiting`` more may wait."""
        self._what = what
        self._at_once = at_once
        self._places = at_once + waiting
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=what)
        self._lock = Lock()
        self._seconds = 0.1  # that one takes, as lately observed
        self.inside = 0

    def begin(self, function: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Have it computed; cancel the future to give up the place, which works until the computing has begun.

        Raises:
            TooMany: every place is taken.
        """
        with self._lock:
            if self.inside >= self._places:
                raise TooMany(
                    f"Too many {self._what} are waiting.",
                    expected=f"at most {self._places} at a time",
                    got="one more",
                    seconds=self.inside * self._seconds / self._at_once,
                )
            self.inside += 1
        future = self._pool.submit(copy_context().run, self._timed, partial(function, *args))
        future.add_done_callback(self._leave)
        return asyncio.wrap_future(future)

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """The result of what is computed.

        Raises:
            TooMany: every place is taken.
        """
        return await self.begin(function, *args)

    def close(self) -> None:
        """Finish what was begun."""
        self._pool.shutdown()

    def _timed(self, compute: Callable[[], T]) -> T:
        started = perf_counter()
        try:
            return compute()
        finally:
            self._seconds += 0.1 * (perf_counter() - started - self._seconds)

    def _leave(self, _: Future[T]) -> None:
        with self._lock:
            self.inside -= 1


class Turn:
    """One request's way to be computed for."""

    def __init__(self, admission: Admission, receive: Receive) -> None:
        self.begin = admission.begin
        self._receive = receive

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """The result; the place of a client that leaves while it waits is free at once.

        Raises:
            TooMany: every place is taken.
            ClientDisconnect: the client has left.
        """
        result = self.begin(function, *args)
        left = asyncio.ensure_future(self._left())
        try:
            await asyncio.wait((result, left), return_when=asyncio.FIRST_COMPLETED)
            if not result.done():
                raise ClientDisconnect
            return await result
        finally:
            left.cancel()
            result.cancel()

    async def watched(self, work: Callable[[Callable[[], bool]], T]) -> T:
        """The same, of work that is given a function that says whether the client has left, also while it computes.

        Raises:
            TooMany: every place is taken.
            ClientDisconnect: the client has left.
        """
        left = Event()
        try:
            return await self.run(work, left.is_set)
        finally:
            left.set()

    def stream(self, work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncIterator[T]:
        """What the work yields, as it comes. The work is given a function that says whether the client has left.

        Raises:
            TooMany: every place is taken; at once, and not when the first item is asked for.
        """
        left, loop = Event(), asyncio.get_running_loop()
        come: asyncio.Queue[T | None] = asyncio.Queue()

        def produce() -> None:
            try:
                for item in work(left.is_set):
                    loop.call_soon_threadsafe(come.put_nowait, item)
            finally:
                loop.call_soon_threadsafe(come.put_nowait, None)

        return _items(come, self.begin(produce), left)

    async def _left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _items(come: "asyncio.Queue[T | None]", computing: "asyncio.Future[None]", left: Event) -> AsyncIterator[T]:
    # A response that streams watches its client, and cancels this when the client has left.
    try:
        while (item := await come.get()) is not None:
            yield item
        await computing
    finally:
        left.set()
        computing.cancel()


def _turn(what: str) -> Any:
    async def turn(request: Request) -> Turn:
        return Turn(request.app.state.admissions[what], request.receive)

    return Depends(turn)


QuestionTurn = Annotated[Turn, _turn("questions")]
ReadingTurn = Annotated[Turn, _turn("readings")]
WriterTurn = Annotated[Turn, _turn("articles")]
RemovalTurn = Annotated[Turn, _turn("removals")]
