"""The chat page in a browser."""

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from assistant.assistant import Assistant
from embeddings.text.article import Article
from tests.assistant.doors.page.chat import QUESTION, UNANSWERED, Chat
from tests.assistant.doors.page.conftest import PHONE, Visit
from tests.serving import Server

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SAID = f"Zebra's launch code is {HOSTILE}, said Zebra's 👩‍👩‍👧 keeper."
MORE = "Nobody has typed it yet."


@pytest.fixture(scope="module")
def hostile(assistant: Assistant) -> Article:
    """An article with HTML that must not be parsed, and characters outside the BMP before the quote."""
    text = f"🎉🎉 Everything below is text.\n\n{SAID} {MORE} \n\n{HOSTILE}"
    article = Article.create(text, title=f"Zebra {HOSTILE}", source=f"Zoo {HOSTILE}", url="javascript:alert(1)")
    assistant.add_article(article)
    return article


def test_a_first_visitor_finds_questions_that_the_articles_answer(chat: Chat, server: Server) -> None:
    drawn = [example["question"] for example in server.http.get("/examples").json()["examples"]]
    expect(chat.suggestions).to_contain_text(drawn)
    chat.suggestions.first.click()
    expect(chat.cites.first).to_be_visible()
    expect(chat.turns.get_by_role("heading", level=2)).to_have_text(drawn[0])


def test_the_numbers_of_the_citations_are_those_of_the_sources(chat: Chat) -> None:
    chat.ask("Summarise “US ends talks with Russia on trying to halt violence in Syria”.")
    expect(chat.cites).to_contain_text(["[1]", "[2]", "[3]"])
    expect(chat.sources).to_contain_text(["Reuters · paragraph"] * 3)
    sentence = chat.turns.locator(".sentence").nth(1).text_content() or ""
    chat.sources.nth(1).get_by_role("link").click()
    current = chat.reader.locator("mark.current")
    expect(current).to_be_focused()
    assert sentence.startswith(current.inner_text())


def test_the_articles_that_a_reply_names_can_be_opened(chat: Chat) -> None:
    turn = chat.ask("Which articles mention Lavrov?")
    turn.get_by_role("list", name="Articles").get_by_role("link", name="US ends talks").click()
    expect(chat.reader.get_by_role("heading", name="US ends talks")).to_be_visible()


def test_a_clicked_citation_opens_the_article_at_exactly_its_characters(chat: Chat, server: Server) -> None:
    chat.ask(QUESTION)
    chat.cites.first.click()
    (citation,) = server.http.post("/ask", json={"question": QUESTION}).json()["citations"]
    assert chat.highlighted() == (citation["start"], citation["quote"])
    mark = chat.reader.locator("mark").first
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport(ratio=1)


def test_hovering_over_a_citation_shows_the_quote_in_its_paragraph(chat: Chat, hostile: Article) -> None:
    chat.ask("What is Zebra's launch code?")
    chat.cites.first.hover()
    expect(chat.preview.locator("mark")).to_have_text(SAID)
    expect(chat.preview.locator(".excerpt")).to_have_text(f"{SAID} {MORE}")
    chat.tab.keyboard.press("Escape")
    expect(chat.preview).to_be_hidden()


def test_an_article_that_looks_like_html_is_only_text(chat: Chat, hostile: Article) -> None:
    turn = chat.ask("What is Zebra's launch code?")
    expect(turn.locator(".prose")).to_contain_text(HOSTILE)
    chat.cites.first.hover()
    expect(chat.preview).to_contain_text(HOSTILE)
    chat.cites.first.click()
    assert chat.highlighted() == (hostile.text.index(SAID), SAID)
    assert chat.reader.locator(".text").text_content() == hostile.text
    expect(chat.reader.get_by_role("link", name="Original article")).to_have_count(0)
    turn.get_by_text("Why").click()
    expect(turn.locator("dl").first).to_be_visible()
    expect(chat.tab.locator("main script, main img, dialog script, dialog img")).to_have_count(0)


def test_an_abstention_says_why_and_what_was_nearest(chat: Chat) -> None:
    turn = chat.ask(UNANSWERED)
    expect(turn).to_contain_text("The articles do not say.")
    expect(turn).to_contain_text(f"No passage is about this. Looked for: “{UNANSWERED}”")
    expect(turn.locator(".answer-footer > .muted")).to_have_count(0)
    nearest = turn.locator(".abstention .passages").get_by_role("link").first
    nearest.click()
    expect(chat.reader.locator("mark").first).to_be_visible()


def test_a_greeting_is_returned_without_a_confidence(chat: Chat) -> None:
    turn = chat.ask("Hello!")
    expect(turn.locator(".prose")).to_contain_text("Hello. There ")
    expect(turn.locator(".answer-footer > .muted")).to_have_count(0)


def test_every_passage_says_why_it_was_found(chat: Chat, server: Server) -> None:
    turn = chat.ask(QUESTION)
    turn.get_by_text("Why").click()
    reply = server.http.post("/ask", json={"question": QUESTION}).json()
    why = turn.locator(".explanation dl")
    expect(why).to_have_count(len(reply["passages"]))
    for search, said in (
        ("bm25", "By wordsrank {} · bm25"),
        ("dense", "By meaningrank {} · cosine"),
        ("reader", "When readrank {}"),
    ):
        expect(why.first).to_contain_text(said.format(reply["passages"][0]["ranks"][search]))
    expect(why.first).to_contain_text("Kerry, last, Lavrov")


def test_an_answer_is_copied_with_its_citations(chat: Chat, server: Server) -> None:
    chat.tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    chat.ask(QUESTION).get_by_role("button", name="Copy").click()
    expect(chat.tab.get_by_role("button", name="Copied")).to_be_visible()
    reply = server.http.post("/ask", json={"question": QUESTION}).json()
    (citation,) = reply["citations"]
    text = chat.tab.evaluate("navigator.clipboard.readText()")
    assert all(part in text for part in (QUESTION, reply["answer"], f"“{citation['quote']}”", citation["link"]))
    rich = "navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((blob) => blob.text())"
    assert f'<a href="{citation["link"]}">' in chat.tab.evaluate(rich)


def test_filters_restrict_a_question(chat: Chat, hostile: Article) -> None:
    chat.tab.get_by_role("button", name="All articles").click()
    chat.tab.get_by_label(f"Zoo {HOSTILE}").check()
    chat.tab.keyboard.press("Escape")
    turn = chat.ask(QUESTION)
    expect(turn.get_by_text(f"Zoo {HOSTILE}").first).to_be_visible()
    expect(turn.locator(".abstention")).to_be_visible()
    chat.tab.get_by_role("button", name=f"Zoo {HOSTILE}").click()
    chat.tab.get_by_role("button", name="All articles", exact=True).click()
    chat.tab.get_by_label("From").fill("2020-01-01")
    chat.tab.get_by_role("button", name="Done").click()
    expect(chat.ask(QUESTION)).to_contain_text("from 1 January 2020")


def test_a_follow_up_is_sent_with_the_history(chat: Chat) -> None:
    answered = chat.ask(QUESTION).locator(".sentence").first.inner_text()
    with chat.tab.expect_request("**/ask") as asked:
        chat.ask("Who is he?")
    first, second = json.loads(asked.value.post_data or "")["history"]
    assert first == {"role": "user", "content": QUESTION}
    assert second["role"] == "assistant"
    assert answered.startswith(second["content"])


def test_all_parts_of_an_answer_are_shown(chat: Chat, server: Server) -> None:
    def more(route: Route) -> None:
        reply = server.http.post("/ask", json={"question": QUESTION, "explain": True}).json()
        reply |= {"short_answer": "on Saturday", "standalone_question": "When did John Kerry speak?"}
        reply |= {"dropped_sentences": 2, "notices": ["The model was not asked."]}
        reply["sentences"][0] |= {"text": "a:\n  b", "code": True}
        route.fulfill(content_type="text/event-stream", body=stream(reply))

    chat.tab.route("**/ask", more)
    turn = chat.ask(QUESTION)
    expect(turn).to_contain_text("Understood as: When did John Kerry speak?")
    expect(turn).to_contain_text("2 sentences were left out")
    expect(turn).to_contain_text("The model was not asked.")
    expect(turn.locator(".short-answer")).to_have_text("on Saturday")
    assert turn.locator("code.sentence").inner_text().startswith("a:\n  b")


def stream(reply: dict[str, Any]) -> str:
    events = [("citation", one) for one in reply["citations"]] + [("sentence", one) for one in reply["sentences"]]
    frames = [f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in [*events, ("done", reply)]]
    return ": ping\n\n" + ": ping\n\n".join(frames)


def test_events_are_parsed_from_any_chunks(chat: Chat) -> None:
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
    expect(chat.reader.get_by_text("the quote is no longer in it")).to_be_visible()
    expect(chat.reader.locator("mark")).to_have_count(0)


def test_the_page_can_be_used_with_the_keyboard_alone(chat: Chat) -> None:
    keys = chat.tab.keyboard
    chat.walk_back_to(".skip-link")
    keys.press("Enter")
    expect(chat.tab.get_by_label("Question")).to_be_focused()
    keys.type("When did Kerry")
    keys.press("Shift+Enter")
    keys.type("last speak to Lavrov?")
    keys.press("Enter")
    expect(chat.turns.locator(".answer-footer")).to_be_visible()
    chat.walk_back_to(".cite")
    expect(chat.preview.locator("mark")).to_be_visible()
    keys.press("Enter")
    chat.highlighted()
    expect(chat.preview).to_be_hidden()
    keys.press("Escape")
    expect(chat.reader).to_be_hidden()
    expect(chat.cites.first).to_be_focused()


def test_on_a_phone_a_tap_shows_the_quote_and_another_opens_the_article(visit: Visit) -> None:
    chat = visit(PHONE)
    chat.ask(QUESTION)
    chat.cites.first.tap()
    expect(chat.preview.locator("mark")).to_be_visible()
    expect(chat.reader).to_be_hidden()
    chat.cites.first.tap()
    chat.highlighted()
    expect(chat.tab.locator("dialog:modal")).to_have_accessible_name("Article")
    assert chat.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chat.tab.get_by_role("button", name="Close the article").tap()
    chat.tab.get_by_role("button", name="Conversations").tap()
    chat.conversations.get_by_role("link", name=QUESTION).tap()
    expect(chat.conversations).to_be_hidden()
    chat.tab.get_by_role("button", name="Conversations").tap()
    chat.conversations.get_by_role("button", name="Delete").tap()
    expect(chat.turns).to_have_count(0)
    chat.conversations.get_by_role("button", name="Undo").tap()  # the row stays visible
    expect(chat.conversations.get_by_role("link", name=QUESTION)).to_be_visible()


def test_conversations_are_saved_renamed_and_deleted(chat: Chat) -> None:
    asked = chat.turns.get_by_role("heading", level=2)
    names = chat.conversations.get_by_role("link")
    chat.ask(QUESTION)
    chat.tab.get_by_role("link", name="New conversation").click()
    expect(chat.turns).to_have_count(0)
    chat.ask(UNANSWERED)
    chat.tab.reload()
    expect(asked).to_have_text([UNANSWERED])
    expect(names).to_have_text([UNANSWERED, QUESTION])
    names.last.click()
    expect(asked).to_have_text([QUESTION])
    expect(chat.cites.first).to_be_visible()
    chat.conversations.last.get_by_role("button", name="Rename").press("Enter")
    chat.tab.keyboard.type("Kerry")
    chat.tab.keyboard.press("Enter")
    expect(names).to_have_text([UNANSWERED, "Kerry"])
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")
    expect(names).to_have_text(["Kerry"])
    chat.tab.get_by_role("button", name="Undo").click()
    expect(names).to_have_text([UNANSWERED, "Kerry"])
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")
    expect(names).to_have_text(["Kerry"])
    chat.tab.reload()
    expect(names).to_have_text(["Kerry"])
