"""Admission control. The work blocks until the test releases it, so nothing depends on timing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from anyio import wait_all_tasks_blocked
from starlette.requests import ClientDisconnect
from starlette.types import Message

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.admission import AdmissionQueue, RequestWorker
from assistant.doors.http.errors import TooMany
from assistant.settings import Settings
from tests.serving import running

CHAT = {"model": "articles", "messages": [{"role": "user", "content": "Who?"}]}

STORED = {"citations": [{"article_id": "a", "start": 0, "end": 1, "quote": "x"}]}


class Work:
    """Work that ends when the test says so."""

    def __init__(self) -> None:
        self.begun, self.end = Event(), Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.end.wait(30)
        return "done"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def admission(anyio_backend: str) -> AsyncIterator[AdmissionQueue]:
    admission = AdmissionQueue("questions", at_once=1, waiting=1)
    yield admission
    await admission.close()


async def begun(work: Work) -> None:
    assert await asyncio.to_thread(work.begun.wait, 30)


async def never() -> Message:
    return await asyncio.Future()


@pytest.mark.anyio
async def test_a_full_queue_rejects_work(admission: AdmissionQueue) -> None:
    works = [Work(), Work()]
    results = [admission.submit(work) for work in works]
    with pytest.raises(TooMany) as raised:
        admission.submit(Work())
    assert raised.value.seconds >= 1
    await begun(works[0])
    assert not works[1].begun.is_set()
    for work in works:
        work.end.set()
    assert await asyncio.gather(*results) == ["done", "done"]
    assert len(admission) == 0


@pytest.mark.anyio
async def test_waiting_work_leaves_the_queue_when_its_client_disconnects(admission: AdmissionQueue) -> None:
    first, second, third = Work(), Work(), Work()
    computed = admission.submit(first)
    await begun(first)
    leaving = asyncio.Event()

    async def receive() -> Message:
        await leaving.wait()
        return {"type": "http.disconnect"}

    waiting = asyncio.ensure_future(RequestWorker(admission, receive).run(second))
    await asyncio.sleep(0)
    assert len(admission) == 2
    leaving.set()
    with pytest.raises(ClientDisconnect):
        await waiting
    await wait_all_tasks_blocked()
    assert len(admission) == 1
    last = admission.submit(third)
    first.end.set()
    third.end.set()
    assert [await computed, await last] == ["done", "done"]
    assert not second.begun.is_set()


@pytest.mark.anyio
async def test_work_runs_in_the_order_of_submission(anyio_backend: str) -> None:
    admission, first, order = AdmissionQueue("questions", at_once=1, waiting=9), Work(), list[int]()
    computed = admission.submit(first)
    await begun(first)
    waiting = [admission.submit(order.append, number) for number in range(9)]
    waiting[4].cancel()
    first.end.set()
    await asyncio.gather(computed, *waiting, return_exceptions=True)
    assert order == [0, 1, 2, 3, 5, 6, 7, 8]
    await admission.close()


@pytest.mark.anyio
async def test_running_work_counts_until_it_ends_even_if_it_is_cancelled(admission: AdmissionQueue) -> None:
    first, second = Work(), Work()
    running = admission.submit(first)
    await begun(first)
    running.cancel()
    waiting = admission.submit(second)
    await wait_all_tasks_blocked()
    assert len(admission) == 2
    assert not second.begun.is_set()
    first.end.set()
    second.end.set()
    assert await waiting == "done"
    assert len(admission) == 0


@pytest.mark.anyio
async def test_work_that_is_cancelled_at_once_never_runs(admission: AdmissionQueue) -> None:
    work = Work()
    admission.submit(work).cancel()
    await wait_all_tasks_blocked()
    assert len(admission) == 0
    assert not work.begun.is_set()


@pytest.mark.anyio
async def test_running_work_is_cancelled_when_its_client_disconnects(admission: AdmissionQueue) -> None:
    begun, ended = Event(), Event()

    def work(cancelled: Callable[[], bool]) -> None:
        begun.set()
        while not cancelled():
            pass
        ended.set()

    async def receive() -> Message:
        await asyncio.to_thread(begun.wait, 30)
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        await RequestWorker(admission, receive).run_cancellable(work)
    assert await asyncio.to_thread(ended.wait, 30)


@pytest.mark.anyio
async def test_an_exception_is_raised_and_frees_the_queue(admission: AdmissionQueue) -> None:
    with pytest.raises(ZeroDivisionError):
        await RequestWorker(admission, never).run(lambda: 1 // 0)
    assert len(admission) == 0


@pytest.mark.anyio
async def test_closing_waits_for_running_work() -> None:
    admission = AdmissionQueue("questions", at_once=1, waiting=1)
    work = Work()
    result = admission.submit(work)
    await begun(work)
    closing = asyncio.ensure_future(admission.close())
    work.end.set()
    await closing
    assert await result == "done"


def test_a_full_queue_answers_429_with_retry_after(assistant: Assistant) -> None:
    """The only thread is blocked, so that nothing is answered until the test releases it."""
    app = create_app(Settings(questions_at_once=1, max_waiting=1, rate_limit=0), assistant)
    work = Work()
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        server.http.get("/articles")
        questions: AdmissionQueue = app.state.queues["questions"]
        held = [questions._pool.submit(work)]
        with ThreadPoolExecutor(2) as people:
            asked = [people.submit(server.http.post, "/search", json={"query": "Kerry"}) for _ in range(2)]
            while len(questions) < 2:
                server.http.get("/health/live")
            refused = [
                server.http.post("/ask", json={"question": "Who?"}),
                server.http.post("/ask", json={"question": "Who?", "stream": True}),
                server.http.post("/v1/chat/completions", json=CHAT),
                server.http.post("/verify", json=STORED),
            ]
            live = server.http.get("/articles").status_code
            work.end.set()
            answered = [one.result().status_code for one in asked]
        assert held[0].result() == "done"
    assert [reply.status_code for reply in refused] == [429] * 4
    assert {reply.json()["error"]["code"] for reply in refused} == {"too_many"}
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in refused)
    assert (live, answered) == (200, [200, 200])


def test_a_removal_does_not_wait_for_a_long_article(assistant: Assistant) -> None:
    """The only thread for articles is blocked, so that articles wait."""
    app = create_app(Settings(rate_limit=0), assistant)
    work = Work()
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        body = {"text": "Grain fell.", "url": "https://example.org/removed"}
        added = server.http.post("/articles", json=body).json()["article"]["id"]
        held = app.state.queues["articles"]._pool.submit(work)
        assert work.begun.wait(30)
        assert server.http.delete(f"/articles/{added}").status_code == 204
        assert not held.done()
        work.end.set()
