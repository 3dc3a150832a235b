"""Who is computed for, and who has to come again: a few at once, a bounded number waiting, and 429 past that."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Event
from time import perf_counter
from typing import Annotated, Any, TypeVar, TypeVarTuple

from anyio import CancelScope, CapacityLimiter
from fastapi import Depends, Request
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from assistant.doors.http.errors import TooMany

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Admission:
    """Computes on threads of its own, off the event loop. A place is taken from the asking to the end of the work.

    Who comes first is computed for first; the line is anyio's. Its threads are not used: all routes share them, and
    PyTorch keeps a helper thread a core, and 9 MB, for each thread that it was ever called on.
    """

    def __init__(self, what: str, *, at_once: int, waiting: int) -> None:
        """``what`` is computed, in the plural; ``at_once`` of them, while ``waiting`` more may wait."""
        self._what = what
        self._places = at_once + waiting
        self._limiter = CapacityLimiter(at_once)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=what)
        self._inside: set[asyncio.Task[None]] = set()
        self._seconds = 0.1  # that one takes, as lately observed

    @property
    def inside(self) -> int:
        """How many are computed for, or wait."""
        return len(self._inside)

    def begin(self, function: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Have it computed; cancel the future to give up the place, which works until the computing has begun.

        Raises:
            TooMany: every place is taken.
        """
        if self.inside >= self._places:
            raise TooMany(
                f"Too many {self._what} are waiting.",
                expected=f"at most {self._places} at a time",
                got="one more",
                seconds=self.inside * self._seconds / self._limiter.total_tokens,
            )
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(self._compute(partial(function, *args), result))
        self._inside.add(task)
        task.add_done_callback(self._inside.discard)
        return result

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """The result of what is computed.

        Raises:
            TooMany: every place is taken.
        """
        return await self.begin(function, *args)

    async def close(self) -> None:
        """Finish what was begun."""
        while self._inside:
            await asyncio.wait(set(self._inside))
        self._pool.shutdown()

    async def _compute(self, compute: Callable[[], T], result: asyncio.Future[T]) -> None:
        computed: asyncio.Future[T] | None = None
        with CancelScope() as line:
            result.add_done_callback(lambda _: line.cancel())
            async with self._limiter:
                if not result.done():
                    work = partial(copy_context().run, self._timed, compute)
                    computed = asyncio.get_running_loop().run_in_executor(self._pool, work)
                    with CancelScope(shield=True):  # no thread can be stopped: its place is taken until it ends
                        await asyncio.wait((computed,))
        if task := asyncio.current_task():
            self._inside.discard(task)  # before whoever waits for the result goes on
        if computed and (error := computed.exception()) and not result.done():
            result.set_exception(error)
        elif computed and not result.done():
            result.set_result(computed.result())

    def _timed(self, compute: Callable[[], T]) -> T:
        started = perf_counter()
        try:
            return compute()
        finally:
            self._seconds += 0.1 * (perf_counter() - started - self._seconds)


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
