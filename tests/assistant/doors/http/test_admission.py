"""A bound on what is computed and on what waits. The work blocks until the test lets it go: nothing is timed."""

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
from assistant.doors.http.admission import Admission, Turn
from assistant.doors.http.errors import TooMany
from assistant.settings import Settings
from tests.serving import running

CHAT = {"model": "articles", "messages": [{"role": "user", "content": "Who?"}]}

STORED = {"citations": [{"article_id": "a", "start": 0, "end": 1, "quote": "x"}]}


class Work:
    """Work that begins when a thread is free and ends when it is told to."""

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
async def admission(anyio_backend: str) -> AsyncIterator[Admission]:
    admission = Admission("questions", at_once=1, waiting=1)
    yield admission
    await admission.close()


async def begun(work: Work) -> None:
    assert await asyncio.to_thread(work.begun.wait, 30)


async def never() -> Message:
    return await asyncio.Future()


@pytest.mark.anyio
async def test_past_the_bound_one_has_to_come_again(admission: Admission) -> None:
    works = [Work(), Work()]
    results = [admission.begin(work) for work in works]
    with pytest.raises(TooMany) as raised:
        admission.begin(Work())
    assert raised.value.seconds >= 1
    await begun(works[0])
    assert not works[1].begun.is_set()
    for work in works:
        work.end.set()
    assert await asyncio.gather(*results) == ["done", "done"]
    assert admission.inside == 0


@pytest.mark.anyio
async def test_a_client_that_leaves_while_it_waits_frees_its_place(admission: Admission) -> None:
    first, second, third = Work(), Work(), Work()
    computed = admission.begin(first)
    await begun(first)
    leaving = asyncio.Event()

    async def receive() -> Message:
        await leaving.wait()
        return {"type": "http.disconnect"}

    waiting = asyncio.ensure_future(Turn(admission, receive).run(second))
    await asyncio.sleep(0)
    assert admission.inside == 2
    leaving.set()
    with pytest.raises(ClientDisconnect):
        await waiting
    await wait_all_tasks_blocked()
    assert admission.inside == 1
    last = admission.begin(third)
    first.end.set()
    third.end.set()
    assert [await computed, await last] == ["done", "done"]
    assert not second.begun.is_set()


@pytest.mark.anyio
async def test_whoever_came_first_is_computed_for_first(anyio_backend: str) -> None:
    admission, first, order = Admission("questions", at_once=1, waiting=9), Work(), list[int]()
    computed = admission.begin(first)
    await begun(first)
    waiting = [admission.begin(order.append, number) for number in range(9)]
    waiting[4].cancel()
    first.end.set()
    await asyncio.gather(computed, *waiting, return_exceptions=True)
    assert order == [0, 1, 2, 3, 5, 6, 7, 8]
    await admission.close()


@pytest.mark.anyio
async def test_work_that_has_begun_keeps_its_place_until_its_end_whoever_leaves(admission: Admission) -> None:
    first, second = Work(), Work()
    left = admission.begin(first)
    await begun(first)
    left.cancel()
    waiting = admission.begin(second)
    await wait_all_tasks_blocked()
    assert admission.inside == 2
    assert not second.begun.is_set()
    first.end.set()
    second.end.set()
    assert await waiting == "done"
    assert admission.inside == 0


@pytest.mark.anyio
async def test_who_leaves_before_the_line_was_joined_takes_no_place(admission: Admission) -> None:
    work = Work()
    admission.begin(work).cancel()
    await wait_all_tasks_blocked()
    assert admission.inside == 0
    assert not work.begun.is_set()


@pytest.mark.anyio
async def test_work_is_told_that_its_client_has_left(admission: Admission) -> None:
    begun, ended = Event(), Event()

    def work(left: Callable[[], bool]) -> None:
        begun.set()
        while not left():
            pass
        ended.set()

    async def receive() -> Message:
        await asyncio.to_thread(begun.wait, 30)
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        await Turn(admission, receive).watched(work)
    assert await asyncio.to_thread(ended.wait, 30)


@pytest.mark.anyio
async def test_what_fails_frees_its_place_and_is_told(admission: Admission) -> None:
    with pytest.raises(ZeroDivisionError):
        await Turn(admission, never).run(lambda: 1 // 0)
    assert admission.inside == 0


@pytest.mark.anyio
async def test_closing_finishes_what_was_begun() -> None:
    admission = Admission("questions", at_once=1, waiting=1)
    work = Work()
    result = admission.begin(work)
    await begun(work)
    closing = asyncio.ensure_future(admission.close())
    work.end.set()
    await closing
    assert await result == "done"


def test_past_the_bound_the_reply_is_429_and_says_when_to_come_again(assistant: Assistant) -> None:
    """The one thread is held, so that nothing is answered until the test lets go."""
    app = create_app(Settings(questions_at_once=1, max_waiting=1, rate_limit=0), assistant)
    work = Work()
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        server.http.get("/articles")
        questions: Admission = app.state.admissions["questions"]
        held = [questions._pool.submit(work)]
        with ThreadPoolExecutor(2) as people:
            asked = [people.submit(server.http.post, "/search", json={"query": "Kerry"}) for _ in range(2)]
            while questions.inside < 2:
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


def test_a_removal_does_not_wait_for_an_article_that_takes_long(assistant: Assistant) -> None:
    """The writers' one thread is held, and articles wait behind it."""
    app = create_app(Settings(rate_limit=0), assistant)
    work = Work()
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        body = {"text": "Grain fell.", "url": "https://example.org/removed"}
        added = server.http.post("/articles", json=body).json()["article"]["id"]
        held = app.state.admissions["articles"]._pool.submit(work)
        assert work.begun.wait(30)
        assert server.http.delete(f"/articles/{added}").status_code == 204
        assert not held.done()
        work.end.set()
