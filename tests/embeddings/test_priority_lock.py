"""The order of turns. Threads wait for signals of the test, and nothing depends on timing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from embeddings.priority_lock import MAX_FOREGROUND_STREAK, PriorityLock


def spin(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not until():
        assert time.monotonic() < end


def test_the_foreground_goes_before_the_background_until_it_ends() -> None:
    turns, order, goes_on = PriorityLock(), list[str](), Event()

    def question() -> None:
        with turns.foreground():
            for part in ("question", "its sentences"):
                with turns.hold(background=False):
                    order.append(part)
                assert goes_on.wait(30)

    def work(name: str) -> None:
        with turns.hold(background=True):
            order.append(name)

    with ThreadPoolExecutor(3) as threads:
        with turns.hold(background=True):
            imports = [threads.submit(work, "import") for _ in range(2)]
            spin(lambda: turns.background_waiting == 2)
            asked = threads.submit(question)
            spin(lambda: turns.foreground_active == 1)
        spin(lambda: len(order) == 1)
        goes_on.set()
        for one in (asked, *imports):
            one.result(30)
    assert order == ["question", "its sentences", "import", "import"]


def test_the_background_gets_a_turn_under_constant_load() -> None:
    turns, done = PriorityLock(), Event()

    def work() -> None:
        with turns.hold(background=True):
            done.set()

    with ThreadPoolExecutor(1) as threads, turns.foreground():
        with turns.hold(background=False):
            threads.submit(work)
            spin(lambda: turns.background_waiting == 1)
        for _ in range(MAX_FOREGROUND_STREAK - 1):
            with turns.hold(background=False):
                assert not done.is_set()
        with turns.hold(background=False):
            assert done.is_set()


def test_work_gives_way_until_the_foreground_ends_and_no_longer_than_it_has_to() -> None:
    turns, order, began = PriorityLock(), list[str](), Event()

    def work() -> None:
        began.set()
        turns.give_way(30)
        order.append("work")

    with ThreadPoolExecutor(1) as threads:
        with turns.foreground():
            working = threads.submit(work)
            assert began.wait(30)
            turns.give_way(0.01)  # returns, although the foreground goes on
            order.append("question")
        working.result(30)
    assert order == ["question", "work"]
