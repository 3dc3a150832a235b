"""Adding articles from the chat page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from embeddings.library import Library
from tests.assistant.doors.http.test_articles import ENDLESS
from tests.assistant.doors.page.chat import Chat
from tests.assistant.doors.page.conftest import Visit
from tests.assistant.web.hostile_server import hostile_server
from tests.hashed_words import HashedWords
from tests.serving import Server, listening, running

UPLOADS = "**/articles/file"
SAID = "The lighthouse of Vinga was painted red in 1890, its keeper wrote."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "vinga.txt"
    file.write_text(f"{SAID}\n\nThe sea was calm.", encoding="utf-8")
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty library."""
    with listening() as listener:
        settings = Settings(library=tmp_path / "library", port=listener.getsockname()[1])
        with (
            Assistant(Library.open(settings.library, HashedWords()), settings) as assistant,
            running(create_app(settings, assistant), listener) as server,
        ):
            yield server


def test_a_file_is_added_and_can_be_asked(chat: Chat, file: Path) -> None:
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    chat.articles.locator("#files").set_input_files(file)
    added = chat.articles.locator("#added").get_by_role("listitem")
    expect(added).to_contain_text(["Added"])
    chat.articles.locator("#files").set_input_files(file)
    expect(added).to_contain_text(["Added", "Already there"])
    chat.tab.keyboard.press("Escape")
    expect(chat.ask("When was the lighthouse of Vinga painted red?")).to_contain_text(SAID)
    chat.cites.first.click()
    assert chat.highlighted() == (0, SAID)


def test_the_progress_of_each_file_is_shown_until_it_is_in(chat: Chat, file: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat.tab.route(UPLOADS, hold)
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    with chat.tab.expect_request(UPLOADS):
        chat.articles.locator("#files").set_input_files([file, file])
    rows = chat.articles.locator("#added").get_by_role("listitem")
    expect(rows.get_by_role("progressbar", name="Adding vinga.txt")).to_have_count(2)
    expect(rows.last).to_contain_text("waiting…")
    with chat.tab.expect_request(UPLOADS):  # the next one is sent when this one is added
        held.pop().continue_()
    expect(rows.first.get_by_role("progressbar")).to_have_count(0)
    expect(rows.last.get_by_role("progressbar")).to_be_visible()
    held.pop().continue_()
    expect(rows.last).to_contain_text("Already there")


def test_a_file_that_is_dropped_is_added(chat: Chat) -> None:
    dropped = chat.tab.evaluate_handle("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["The ferry to Vinga leaves at noon, says its captain."], "ferry.txt"));
        return data;
    }""")
    chat.tab.dispatch_event("main", "dragover", {"dataTransfer": dropped})
    expect(chat.tab.locator("body.dropping")).to_have_count(1)
    chat.tab.dispatch_event("main", "drop", {"dataTransfer": dropped})
    expect(chat.articles.locator("#added").get_by_text("Added", exact=True)).to_be_visible()
    expect(chat.tab.locator("body.dropping")).to_have_count(0)


def test_a_page_is_fetched_by_its_address_and_one_that_is_refused_says_why(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    added = chat.articles.locator("#added").get_by_role("listitem")
    address = chat.articles.get_by_label("Address of a page")
    with hostile_server() as web:
        address.fill(f"{web.url}/story")
        chat.articles.get_by_role("button", name="Fetch").click()
        expect(added).to_contain_text(["Pier to be rebuilt"])
        expect(address).to_have_value("")
        address.fill(f"{web.url}/to-metadata")
        address.press("Enter")
        expect(added.last.locator(".error")).to_contain_text("169.254.169.254 is not on the public internet")
        expect(address).to_have_value(f"{web.url}/to-metadata")
    added.first.get_by_role("link").click()
    expect(chat.reader.get_by_text("costs 4 million crowns")).to_be_visible()


def test_a_file_that_takes_long_is_shown_again_after_a_reload_and_can_be_cancelled(
    visit: Visit, empty: Server, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.html"
    endless.write_text(ENDLESS, encoding="utf-8")
    chat = visit(url=empty.url)
    chat.tab.get_by_role("button", name="Add an article").click()
    added = chat.articles.locator("#added").get_by_role("listitem")
    chat.articles.locator("#files").set_input_files(endless)
    expect(added).to_contain_text(["reading and indexing…"])
    chat.tab.reload()
    chat.tab.get_by_role("button", name="Add an article").click()
    expect(added).to_contain_text(["endless.html"])
    added.get_by_role("button", name="Cancel adding endless.html").click()
    expect(added.locator(".error")).to_contain_text("The job was cancelled.")


def test_text_is_pasted_with_its_metadata(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    chat.articles.get_by_text("Paste text").click()
    chat.articles.get_by_label("Text").fill("A buoy was seen off Vinga.")
    chat.articles.get_by_label("Title").fill("The buoy")
    chat.articles.get_by_label("Source").fill("Göteborgs-Posten")
    chat.articles.get_by_label("Published").fill("2016-10-03")
    chat.articles.get_by_role("button", name="Add", exact=True).click()
    row = chat.articles.locator("#list li").filter(has_text="The buoy")
    expect(row).to_contain_text("Göteborgs-Posten · 3 October 2016 · 26 characters")
    expect(chat.articles.get_by_label("Text")).to_have_value("")
    row.get_by_role("link").click()
    expect(chat.reader.get_by_text("A buoy was seen")).to_be_visible()


def test_a_rejected_article_shows_the_reason_and_the_pasted_text_stays(visit: Visit) -> None:
    chat = visit(expected="413")
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    chat.articles.get_by_text("Paste text").click()
    chat.articles.get_by_label("Text").fill("too long " * 12_000)
    chat.articles.get_by_role("button", name="Add", exact=True).click()
    expect(chat.articles.locator("#added .error")).to_contain_text("ASSISTANT_MAX_ARTICLE_BYTES")
    expect(chat.articles.get_by_label("Text")).to_have_value(re.compile("^too long"))


def test_an_empty_library_invites_to_add_the_first_article(visit: Visit, empty: Server, file: Path) -> None:
    chat = visit(url=empty.url)
    chat.tab.get_by_role("button", name="Add an article").click()
    chat.articles.locator("#files").set_input_files(file)
    expect(chat.tab.get_by_text("The article that is asked")).to_be_visible()
