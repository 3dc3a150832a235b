import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """An installed Chromium; REQUIRE_BROWSER=1 makes its absence a failure instead of a skip."""
    chromium = shutil.which("chromium")
    if chromium is None:
        absent = "no `chromium` on the PATH to drive"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(absent)
        pytest.skip(absent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A fresh tab on a phone-sized screen. An error in it, or anything its policy blocked, fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield tab
    context.close()
    assert wrong == []
