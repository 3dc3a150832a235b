"""Asking, as a person does."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route

from assistant.assistant import Assistant
from embeddings.article import Article
from tests.assistant.page.chat import QUESTION, UNANSWERED, Chat
from tests.assistant.page.conftest import PHONE, Visit
from tests.serving import Server

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def hostile(assistant: Assistant) -> Article:
    """An article that would run if anything read it as HTML, with characters of two UTF-16 units before the quote."""
    text = (
        f"🎉🎉 Everything below is text.\n\nZebra's launch code is {HOSTILE}, said Zebra's 👩‍👩‍👧 keeper. \n\n{HOSTILE}"
    )
    article = Article.create(text, title=f"Zebra {HOSTILE}", source=f"Zoo {HOSTILE}", url="javascript:alert(1)")
    assistant.add_article(article)
    return article


def test_a_first_visitor_finds_an_article_and_three_questions(chat: Chat) -> None:
    chat.tab.get_by_role("link", name="US ends talks with Russia").wait_for()
    questions = chat.tab.locator("#welcome").get_by_role("button")
    assert questions.count() == 3
    questions.first.click()
    chat.cites.first.wait_for()
    assert chat.turns.get_by_role("heading").inner_text() == QUESTION


def test_a_clicked_citation_opens_the_article_at_exactly_its_characters(chat: Chat, server: Server) -> None:
    chat.ask(QUESTION)
    chat.cites.first.click()
    (citation,) = server.http.post("/ask", json={"question": QUESTION}).json()["citations"]
    assert chat.highlighted() == (citation["start"], citation["quote"])
    mark = chat.reader.locator("mark").first
    assert mark.evaluate("mark => mark === document.activeElement")
    assert mark.evaluate(
        "mark => mark.getBoundingClientRect().top > 0 && mark.getBoundingClientRect().bottom < innerHeight"
    )


def test_a_citation_that_is_pointed_at_shows_the_quote_in_its_paragraph(chat: Chat, hostile: Article) -> None:
    chat.ask("What is Zebra's launch code?")
    chat.cites.first.hover()
    chat.glance.locator("mark").wait_for()
    assert chat.glance.locator(".words").inner_text() in hostile.text
    chat.tab.keyboard.press("Escape")
    assert chat.glance.is_hidden()


def test_an_article_that_looks_like_html_is_only_text(chat: Chat, hostile: Article) -> None:
    turn = chat.ask("What is Zebra's launch code?")
    assert HOSTILE in turn.locator(".prose").inner_text()
    chat.cites.first.hover()
    assert HOSTILE in chat.glance.inner_text()
    chat.cites.first.click()
    start, marked = chat.highlighted()
    assert marked == hostile.text[start : start + len(marked)]
    assert HOSTILE in marked
    assert chat.reader.locator(".text").evaluate("text => text.textContent") == hostile.text
    assert chat.reader.get_by_role("link", name="Original article").count() == 0
    turn.get_by_text("Why").click()
    assert turn.locator("dl").first.is_visible()
    assert chat.tab.locator("main script, main img, dialog script, dialog img").count() == 0


def test_an_abstention_says_why_and_what_was_nearest(chat: Chat) -> None:
    turn = chat.ask(UNANSWERED)
    assert "The articles do not say." in turn.inner_text()
    assert "No passage is about this." in turn.inner_text()
    nearest = turn.locator(".abstention .passages").get_by_role("link").first
    nearest.click()
    chat.reader.locator("mark").first.wait_for()


def test_every_passage_says_why_it_was_found(chat: Chat, server: Server) -> None:
    turn = chat.ask(QUESTION)
    turn.get_by_text("Why").click()
    reply = server.http.post("/ask", json={"question": QUESTION}).json()
    assert turn.locator(".why dl").count() == len(reply["passages"])
    assert "rank 1 · bm25" in turn.locator(".why dl").first.inner_text()
    assert "Kerry, last, Lavrov" in turn.locator(".why dl").first.inner_text()


def test_an_answer_is_copied_with_its_citations(chat: Chat, server: Server) -> None:
    chat.tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    chat.ask(QUESTION).get_by_role("button", name="Copy").click()
    chat.tab.get_by_role("button", name="Copied").wait_for()
    reply = server.http.post("/ask", json={"question": QUESTION}).json()
    (citation,) = reply["citations"]
    text = chat.tab.evaluate("navigator.clipboard.readText()")
    assert all(part in text for part in (QUESTION, reply["answer"], f"“{citation['quote']}”", citation["link"]))
    rich = "navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((blob) => blob.text())"
    assert f'<a href="{citation["link"]}">' in chat.tab.evaluate(rich)


def test_a_question_looks_only_where_it_is_told_to(chat: Chat, hostile: Article) -> None:
    chat.tab.get_by_role("button", name="All articles").click()
    chat.tab.get_by_label(f"Zoo {HOSTILE}").check()
    chat.tab.keyboard.press("Escape")
    turn = chat.ask(QUESTION)
    assert turn.get_by_text(f"Zoo {HOSTILE}").first.is_visible()
    assert turn.locator(".abstention").is_visible()
    chat.tab.get_by_role("button", name=f"Zoo {HOSTILE}").click()
    chat.tab.get_by_role("button", name="All articles", exact=True).click()
    chat.tab.get_by_label("From").fill("2020-01-01")
    chat.tab.get_by_role("button", name="Done").click()
    assert "from 1 January 2020" in chat.ask(QUESTION).inner_text()


def test_a_follow_up_is_asked_with_what_was_said(chat: Chat) -> None:
    answered = chat.ask(QUESTION).locator(".sentence").first.inner_text()
    with chat.tab.expect_request("**/ask") as asked:
        chat.ask("Who is he?")
    first, second = json.loads(asked.value.post_data or "")["history"]
    assert first == {"role": "user", "content": QUESTION}
    assert second["role"] == "assistant"
    assert answered.startswith(second["content"])


def test_whatever_an_answer_carries_is_shown(chat: Chat, server: Server) -> None:
    def more(route: Route) -> None:
        reply = server.http.post("/ask", json={"question": QUESTION, "explain": True}).json()
        reply |= {"short_answer": "on Saturday", "standalone_question": "When did John Kerry speak?"}
        reply |= {"dropped_sentences": 2, "notices": ["The model was not asked."]}
        route.fulfill(content_type="text/event-stream", body=stream(reply))

    chat.tab.route("**/ask", more)
    shown = chat.ask(QUESTION).inner_text()
    assert "Understood as: When did John Kerry speak?" in shown
    assert "2 sentences were left out" in shown
    assert "The model was not asked." in shown
    assert chat.tab.locator(".short").inner_text() == "on Saturday"


def stream(reply: dict[str, Any]) -> str:
    events = [("citation", one) for one in reply["citations"]] + [("sentence", one) for one in reply["sentences"]]
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in [*events, ("done", reply)])


def test_events_are_read_however_they_are_cut(chat: Chat) -> None:
    body = stream({"citations": [], "sentences": [{"text": "Lavrov 🎉 said: “é”"}], "x": "data: y"})
    read = """async body => {
        const { events } = await import("/static/events.js");
        const bytes = new TextEncoder().encode(body);
        const cut = new ReadableStream({ start(to) {
            for (const byte of bytes) to.enqueue(Uint8Array.of(byte));
            to.close();
        } });
        const read = [];
        for await (const event of events(cut)) read.push(event);
        return read;
    }"""
    (name, sentence), (done, _) = chat.tab.evaluate(read, body)
    assert (name, sentence["text"], done) == ("sentence", "Lavrov 🎉 said: “é”", "done")


def test_a_citation_finds_its_quote_again_in_an_edited_article(chat: Chat, assistant: Assistant) -> None:
    place = "https://example.org/okapi"
    said = "The okapi of the northern zoo was born on a rainy Thursday in March."
    assistant.add_article(Article.create(said, title="Okapi", url=place))
    chat.ask("When was the okapi of the northern zoo born?")
    assistant.add_article(Article.create(f"A correction 🎉 came first.\n\n{said}", title="Okapi", url=place))
    chat.tab.reload()
    chat.cites.first.click()
    assert chat.highlighted() == (len("A correction 🎉 came first.\n\n"), said)
    assistant.add_article(Article.create("Nothing is left of it.", title="Okapi", url=place))
    chat.tab.reload()
    chat.cites.first.click()
    chat.reader.get_by_text("the quote is no longer in it").wait_for()
    assert chat.reader.locator("mark").count() == 0


def test_the_keyboard_is_enough(chat: Chat) -> None:
    keys = chat.tab.keyboard
    chat.walk_back_to(".skip")
    keys.press("Enter")
    assert chat.tab.evaluate("document.activeElement.id") == "question"
    keys.type("When did Kerry")
    keys.press("Shift+Enter")
    keys.type("last speak to Lavrov?")
    keys.press("Enter")
    chat.cites.first.wait_for()
    chat.walk_back_to(".cite")
    chat.glance.locator("mark").wait_for()
    keys.press("Enter")
    chat.highlighted()
    assert chat.glance.is_hidden()
    keys.press("Escape")
    assert chat.reader.is_hidden()
    assert chat.tab.evaluate("document.activeElement.matches('.cite')")


def test_on_a_phone_a_tap_shows_the_quote_and_another_opens_the_article(visit: Visit) -> None:
    chat = visit(PHONE)
    chat.ask(QUESTION)
    chat.cites.first.tap()
    chat.glance.locator("mark").wait_for()
    assert chat.reader.is_hidden()
    chat.cites.first.tap()
    chat.highlighted()
    assert chat.reader.evaluate("sheet => sheet.matches(':modal')")
    assert chat.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chat.tab.get_by_role("button", name="Close the article").tap()
    chat.tab.get_by_role("button", name="Conversations").tap()
    chat.conversations.first.wait_for()


def test_conversations_are_kept_renamed_and_deleted(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.tab.get_by_role("link", name="New conversation").click()
    assert chat.turns.count() == 0
    chat.ask(UNANSWERED)
    chat.tab.reload()
    assert chat.turns.get_by_role("heading", level=2).all_inner_texts() == [UNANSWERED]
    assert chat.conversations.count() == 2
    chat.conversations.last.get_by_role("link").click()
    assert chat.turns.get_by_role("heading", level=2).all_inner_texts() == [QUESTION]
    chat.cites.first.wait_for()
    chat.conversations.last.get_by_role("button", name="Rename").press("Enter")
    chat.tab.keyboard.type("Kerry")
    chat.tab.keyboard.press("Enter")
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")
    chat.tab.get_by_role("button", name="Undo").click()
    assert chat.conversations.count() == 2
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")
    chat.tab.reload()
    assert chat.conversations.get_by_role("link").all_inner_texts() == ["Kerry"]
