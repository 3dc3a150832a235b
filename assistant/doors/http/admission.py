"""Admission control: some work runs at a time, a limited number of requests wait, and further ones get 429."""

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


class AdmissionQueue:
    """A bounded first-in, first-out queue in front of a thread pool.

    The pool is its own, not anyio's: that is shared by all routes, and PyTorch keeps one helper thread per core, and
    9 MB, for every thread that it was ever called on.
    """

    def __init__(self, name: str, *, at_once: int, waiting: int) -> None:
        """Create a queue.

        Args:
            name: what the work computes, in the plural, for error messages.
            at_once: number of worker threads.
            waiting: number of further items that may wait.
        """
        self._name = name
        self._capacity = at_once + waiting
        self._limiter = CapacityLimiter(at_once)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._tasks: set[asyncio.Task[None]] = set()
        self._seconds = 0.1  # duration of an item: exponential moving average

    def __len__(self) -> int:
        """Return the number of items that run or wait."""
        return len(self._tasks)

    def submit(self, function: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Queue a function for a worker thread. Cancelling the future removes it from the queue until it is running.

        Raises:
            TooMany: the queue is full.
        """
        if len(self) >= self._capacity:
            raise TooMany(
                f"Too many {self._name} are waiting.",
                expected=f"at most {self._capacity} at a time",
                got="one more",
                seconds=len(self) * self._seconds / self._limiter.total_tokens,
            )
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(self._process(partial(function, *args), result))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return result

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run a function on a worker thread and return its result.

        Raises:
            TooMany: the queue is full.
        """
        return await self.submit(function, *args)

    async def close(self) -> None:
        """Wait until the queue is empty, and stop the threads."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        self._pool.shutdown()

    async def _process(self, function: Callable[[], T], result: asyncio.Future[T]) -> None:
        computed: asyncio.Future[T] | None = None
        with CancelScope() as waiting:
            result.add_done_callback(lambda _: waiting.cancel())
            async with self._limiter:
                if not result.done():
                    work = partial(copy_context().run, self._timed, function)
                    computed = asyncio.get_running_loop().run_in_executor(self._pool, work)
                    with CancelScope(shield=True):  # a thread cannot be stopped, so it counts until it ends
                        await asyncio.wait((computed,))
        if task := asyncio.current_task():
            self._tasks.discard(task)  # before the waiter for the result resumes
        if computed and (error := computed.exception()) and not result.done():
            result.set_exception(error)
        elif computed and not result.done():
            result.set_result(computed.result())

    def _timed(self, function: Callable[[], T]) -> T:
        started = perf_counter()
        try:
            return function()
        finally:
            self._seconds += 0.1 * (perf_counter() - started - self._seconds)


class RequestWorker:
    """Runs the work of one request through an admission queue, and cancels it when the client disconnects."""

    def __init__(self, queue: AdmissionQueue, receive: Receive) -> None:
        self._queue = queue
        self._receive = receive

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run a function on a worker thread and return its result; it is dequeued at once if the client disconnects.

        Raises:
            TooMany: the queue is full.
            ClientDisconnect: the client has disconnected.
        """
        result = self._queue.submit(function, *args)
        disconnected = asyncio.ensure_future(self._disconnected())
        try:
            await asyncio.wait((result, disconnected), return_when=asyncio.FIRST_COMPLETED)
            if not result.done():
                raise ClientDisconnect
            return await result
        finally:
            disconnected.cancel()
            result.cancel()

    async def run_cancellable(self, work: Callable[[Callable[[], bool]], T]) -> T:
        """Run work that can be cancelled while it runs: its argument returns True once the client has disconnected.

        Raises:
            TooMany: the queue is full.
            ClientDisconnect: the client has disconnected.
        """
        cancelled = Event()
        try:
            return await self.run(work, cancelled.is_set)
        finally:
            cancelled.set()

    def stream(self, work: Callable[[Callable[[], bool], Callable[[T], None]], Iterator[T]]) -> AsyncIterator[T]:
        """Return an iterator over the items of work that can be cancelled, as in ``run_cancellable``.

        The second argument of ``work`` sends an item while the next one is not made yet.

        Raises:
            TooMany: the queue is full; raised by the call, not by the iterator.
        """
        cancelled, loop = Event(), asyncio.get_running_loop()
        items: asyncio.Queue[T | None] = asyncio.Queue()  # None is the end

        def send(item: T | None) -> None:
            loop.call_soon_threadsafe(items.put_nowait, item)

        def produce() -> None:
            try:
                for item in work(cancelled.is_set, send):
                    send(item)
            finally:
                send(None)

        return _iterate(items, self._queue.submit(produce), cancelled)

    async def _disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _iterate(
    items: "asyncio.Queue[T | None]", producer: "asyncio.Future[None]", cancelled: Event
) -> AsyncIterator[T]:
    # A streaming response watches its client, and cancels this iterator when the client disconnects.
    try:
        while (item := await items.get()) is not None:
            yield item
        await producer
    finally:
        cancelled.set()
        producer.cancel()


def _worker(queue: str) -> Any:
    async def worker(request: Request) -> RequestWorker:
        return RequestWorker(request.app.state.queues[queue], request.receive)

    return Depends(worker)


QuestionWorker = Annotated[RequestWorker, _worker("questions")]
CheckWorker = Annotated[RequestWorker, _worker("checks")]
ReadingWorker = Annotated[RequestWorker, _worker("readings")]
ArticleWorker = Annotated[RequestWorker, _worker("articles")]
ExamplesWorker = Annotated[RequestWorker, _worker("examples")]
RemovalWorker = Annotated[RequestWorker, _worker("removals")]
FollowerWorker = Annotated[RequestWorker, _worker("followers")]
