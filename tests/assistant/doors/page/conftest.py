from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.assistant import Assistant
from tests.assistant.doors.page.chat import Chat
from tests.conftest import chromium
from tests.serving import Server

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
PATIENCE = 30_000  # milliseconds; reached only on a slow machine

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser for those tests of this folder that follow each other in a worker."""
    with chromium() as browser:
        yield browser


@contextmanager
def watched(browser: Browser, screen: ViewportSize, expected: str | None = None) -> Iterator[Page]:
    """A fresh tab. An error in it, or anything its policy blocked, fails the test, unless its text has ``expected``."""
    context = browser.new_context(viewport=screen, has_touch=screen == PHONE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield tab
    tab.unroute_all(behavior="ignoreErrors")  # a test may leave a request pending
    context.close()
    assert [text for text in wrong if expected is None or expected not in text] == []


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab on a phone-sized screen."""
    with watched(browser, PHONE) as tab:
        yield tab


Visit = Callable[..., Chat]


@pytest.fixture
def visit(browser: Browser, server: Server, assistant: Assistant) -> Iterator[Visit]:
    """Opens the chat page as a first-time visitor: ``visit(screen=PHONE, url=…, expected="a console error")``."""
    with ExitStack() as tabs:

        def visit(screen: ViewportSize = DESK, url: str = server.url, expected: str | None = None) -> Chat:
            chat = Chat(tabs.enter_context(watched(browser, screen, expected)), url)
            chat.tab.goto(url)
            return chat

        yield visit


@pytest.fixture
def chat(visit: Visit) -> Chat:
    """The chat page on a wide screen."""
    return visit()
