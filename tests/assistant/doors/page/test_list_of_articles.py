"""The list of articles: searched, chosen to be asked, and removed."""

import json

import pytest
from playwright.sync_api import expect

from assistant.assistant import Assistant
from embeddings.text.article import Article
from tests.assistant.doors.page.chat import QUESTION, Chat

SAID = "Okke Visser built the ferry Solvei at Holm."


@pytest.fixture
def ferry(assistant: Assistant) -> Article:
    article = Article.create(SAID, title="Okke’s ferry", source="Courier")
    assistant.add_article(article)
    return article


@pytest.fixture
def articles(ferry: Article, chat: Chat) -> Chat:
    """The chat with the list of articles open."""
    chat.tab.get_by_role("button", name="Articles", exact=False).first.click()
    return chat


def test_the_list_is_searched_and_begins_with_the_article_that_was_added_last(articles: Chat) -> None:
    expect(articles.article_row("").first).to_contain_text("Okke’s ferry")
    articles.articles.get_by_label("Search the articles").fill("courier okke")
    expect(articles.articles.get_by_text("1 found")).to_be_visible()
    expect(articles.article_row("")).to_contain_text(["Okke’s ferry"])
    articles.articles.get_by_label("Search the articles").fill("")
    expect(articles.article_row("US ends talks")).to_be_visible()


def test_one_article_is_asked_alone(articles: Chat) -> None:
    articles.article_row("Okke’s ferry").get_by_role("link").click()
    articles.reader.get_by_role("button", name="Ask this article").click()
    expect(articles.tab.get_by_label("Question")).to_be_focused()
    expect(articles.suggestions.first).to_have_text("What did Okke Visser build?")
    with articles.tab.expect_request("**/ask") as asked:
        turn = articles.ask(QUESTION)
    assert len(json.loads(asked.value.post_data or "")["filters"]["article_ids"]) == 1
    expect(turn.get_by_text("“Okke’s ferry”")).to_be_visible()
    expect(turn.locator(".abstention")).to_be_visible()


def test_articles_are_chosen_and_no_longer_chosen(articles: Chat) -> None:
    asked = articles.article_row("Okke’s ferry").get_by_role("button", name="Ask this")
    asked.click()
    articles.article_row("US ends talks").get_by_role("button", name="Ask this").click()
    expect(asked).to_have_attribute("aria-pressed", "true")
    articles.tab.get_by_role("button", name="Look in: 2 articles").click()
    articles.tab.get_by_role("group", name="Article").get_by_label("US ends talks").uncheck()
    expect(articles.tab.get_by_role("button", name="Look in: “Okke’s ferry”")).to_be_visible()
    articles.tab.get_by_role("button", name="All articles", exact=True).click()
    expect(asked).to_have_attribute("aria-pressed", "false")


def test_an_article_is_deleted_once_that_is_confirmed(articles: Chat, assistant: Assistant, ferry: Article) -> None:
    row = articles.article_row("Okke’s ferry")
    row.get_by_role("button", name="Ask this").click()
    row.get_by_role("button", name="Delete").press("Enter")
    articles.tab.keyboard.press("Enter")  # the focus is on Keep
    expect(row.get_by_role("button", name="Ask this")).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Delete").click()
    expect(articles.articles.get_by_text("Deleted “Okke’s ferry”")).to_be_visible()
    expect(row).to_have_count(0)
    expect(articles.tab.get_by_role("button", name="Look in: All articles")).to_be_visible()
    assert ferry.id not in {article.id for article in assistant.articles(200)[0]}
