"""Going on in a conversation: questions that are offered, edited, asked again and brought back."""

import json
from typing import get_args

from playwright.sync_api import expect

from assistant.answering.stages import Stage
from tests.assistant.doors.page.chat import QUESTION, UNANSWERED, Chat


def test_after_an_answer_other_questions_of_its_article_are_offered(chat: Chat) -> None:
    chat.ask(QUESTION)
    expect(chat.follow_ups).not_to_have_count(0)
    offered = chat.follow_ups.first.inner_text()
    chat.follow_ups.first.click()
    turn = chat.turns.filter(has_text=offered).last
    expect(turn.get_by_role("list", name="Sources")).to_be_visible()
    expect(chat.follow_ups.first).to_be_visible()
    expect(chat.turns.first.locator(".follow-ups")).to_have_count(0)
    expect(chat.follow_ups.filter(has_text=offered)).to_have_count(0)


def test_a_question_is_edited_in_its_place(chat: Chat) -> None:
    turn = chat.ask(UNANSWERED)
    edit = chat.turns.get_by_role("button", name="Edit")
    edit.press("Enter")
    chat.tab.keyboard.press("Escape")
    expect(edit).to_be_focused()
    edit.press("Enter")
    expect(turn.get_by_label("New wording")).to_have_value(UNANSWERED)
    chat.tab.keyboard.type(QUESTION)
    chat.tab.keyboard.press("Enter")
    expect(chat.cites.first).to_be_visible()
    expect(chat.turns.get_by_role("heading", level=2)).to_have_text([QUESTION])
    expect(chat.turns.locator(".answer-footer")).to_be_visible()
    chat.tab.reload()
    expect(chat.turns.get_by_role("heading", level=2)).to_have_text([QUESTION])
    expect(chat.cites.first).to_be_visible()


def test_a_question_is_asked_again(chat: Chat) -> None:
    turn = chat.ask(QUESTION)
    with chat.tab.expect_request("**/ask") as asked:
        turn.get_by_role("button", name="Ask again").click()
    assert json.loads(asked.value.post_data or "")["question"] == QUESTION
    expect(chat.cites.first).to_be_visible()
    expect(chat.turns).to_have_count(1)


def test_the_arrow_keys_bring_earlier_questions_back(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.ask(UNANSWERED)
    question = chat.tab.get_by_label("Question")
    for key, brought in (
        ("ArrowUp", UNANSWERED),
        ("ArrowUp", QUESTION),
        ("ArrowUp", QUESTION),
        ("ArrowDown", UNANSWERED),
        ("ArrowDown", ""),
    ):
        question.press(key)
        expect(question).to_have_value(brought)
    question.fill("something else")
    question.press("ArrowUp")
    expect(question).to_have_value("something else")


def test_the_page_says_what_is_going_on(chat: Chat) -> None:
    chat.tab.evaluate("""() => {
        window.said = [];
        const note = () => window.said.push(document.querySelector(".pending span")?.textContent);
        new MutationObserver(note).observe(document.getElementById("log"), { subtree: true, childList: true });
    }""")
    chat.ask("What urges Russia and the US to ensure an immediate truce?")
    said = chat.tab.evaluate("window.said")
    assert said[0] == "Waiting for the server…"
    assert "Reading the passages that were found…" in said
    texts = """async stages => {
        const { stageText } = await import("/static/progress.js");
        return stages.map(stage => stageText(stage, {}, "nothing"));
    }"""
    assert "nothing" not in chat.tab.evaluate(texts, list(get_args(Stage)))
