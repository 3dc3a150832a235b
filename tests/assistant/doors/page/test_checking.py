"""Checking a text on the chat page."""

from playwright.sync_api import expect

from tests.assistant.doors.page.chat import Chat
from tests.assistant.doors.page.states import checked


def test_a_text_is_checked_and_its_unsupported_words_are_marked(chat: Chat) -> None:
    checked(chat)
    expect(chat.checker.get_by_role("status")).to_have_text("The articles say 1 of 3 sentences.")
    rows = chat.checker.get_by_role("list", name="Sentences").get_by_role("listitem")
    expect(rows).to_contain_text(["Supported", "Contradicted", "Not found"])
    expect(rows.nth(1).locator("mark")).to_have_text("12 million")
    expect(rows.nth(2).locator("mark")).to_have_text(["Bread", "baked"])
    rows.nth(1).get_by_role("link").click()
    _, quote = chat.highlighted()
    assert quote.endswith("displaced 11 million.")


def test_a_text_without_a_sentence_is_said_to_have_none(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="Check a text").click()
    chat.checker.get_by_label("Text").fill("---")
    chat.checker.get_by_role("button", name="Check", exact=True).click()
    expect(chat.checker.get_by_role("status")).to_contain_text("nothing was checked")
