"""The sign-in page in a browser."""

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.assistant import Assistant
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.assistant.doors.page.chat import Chat
from tests.assistant.doors.page.states import signing_in
from tests.assistant.doors.page.test_accessibility import violations
from tests.serving import Server, running

KEY = create_key()


@pytest.fixture(scope="module")
def guarded(assistant: Assistant) -> Iterator[Server]:
    app = create_app(Settings(api_keys=key_entry("tests", KEY)), assistant)
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab without cookies. A script error or a violation of the policy fails the test."""
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert wrong == []


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.keyboard.press("Enter")


def test_a_link_asks_for_the_key_once_and_then_shows_the_quote(
    guarded: Server, page: Page, assistant: Assistant
) -> None:
    citation = assistant.ask("When did Kerry last speak to Lavrov?").citations[0]
    link = f"{guarded.url}/read/{citation.article_id}#c={citation.start}-{citation.end}"
    page.goto(link)
    sign_in(page, create_key())
    expect(page.get_by_role("alert")).to_have_text("This key is not known here.")
    sign_in(page, KEY)
    expect(page.locator("mark").first).to_be_visible()
    assert "".join(page.locator("mark").all_text_contents()) == citation.quote
    assert page.evaluate("document.cookie") == ""
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("mark").first).to_be_visible()


def test_a_link_on_another_site_works_too(guarded: Server, page: Page, assistant: Assistant) -> None:
    """The browser sends no cookie after such a link; the page reloads, and then it is sent."""
    page.goto(guarded.url)
    sign_in(page, KEY)
    expect(page.get_by_placeholder("Ask a question")).to_be_visible()
    (article, *_), _ = assistant.articles()
    page.goto("data:text/html,<title>another site</title>")
    page.set_content(f'<a href="{guarded.url}/read/{article.id}#c=0-10">the article</a>')
    page.get_by_text("the article").click()
    expect(page.locator("mark")).to_have_text(article.text[:10])


def test_the_sign_in_page_is_accessible(guarded: Server, page: Page) -> None:
    signing_in(Chat(page, guarded.url))
    sign_in(page, create_key())
    expect(page.get_by_role("alert")).to_have_text("This key is not known here.")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_the_documentation_works_under_its_policy(guarded: Server, page: Page) -> None:
    page.goto(f"{guarded.url}/docs")
    sign_in(page, KEY)
    expect(page.get_by_text("Ask a question")).to_be_visible()
