"""Ratings of answers, and what can be taken out of the browser."""

import json
from pathlib import Path

from playwright.sync_api import expect

from evals.data.own import read_questions
from tests.assistant.doors.page.chat import QUESTION, UNANSWERED, Chat
from tests.serving import Server

OTHER = "What treaty did Putin suspend?"


def export(chat: Chat, choice: str, folder: Path) -> Path:
    chat.tab.get_by_role("button", name="Export").click()
    with chat.tab.expect_download() as download:
        chat.tab.get_by_role("button", name=choice).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_conversation_is_exported_as_markdown_and_json(chat: Chat, server: Server, tmp_path: Path) -> None:
    chat.ask(QUESTION)
    chat.ask(UNANSWERED)
    reply = server.http.post("/ask", json={"question": QUESTION}).json()
    (citation,) = reply["citations"]
    markdown = export(chat, "Markdown", tmp_path)
    assert markdown.name == "When-did-Kerry-last-speak-to-Lavrov.md"
    text = markdown.read_text("utf-8")
    assert f"## {QUESTION}\n\n{reply['answer']} [1]\n\n1. “{citation['quote']}” [US ends talks" in text
    assert f"](<{citation['link']}>), Reuters · paragraph 4" in text
    assert f"## {UNANSWERED}\n\n*The articles do not say.*" in text
    conversation = json.loads(export(chat, "JSON", tmp_path).read_text("utf-8"))
    assert [turn["question"] for turn in conversation["turns"]] == [QUESTION, UNANSWERED]
    assert conversation["turns"][0]["answer"]["citations"] == [citation]


def test_rated_answers_are_exported_as_questions_of_an_evaluation(chat: Chat, server: Server, tmp_path: Path) -> None:
    chat.ask(QUESTION).get_by_role("button", name="Good answer").click()
    chat.ask(UNANSWERED).get_by_role("button", name="Good answer").click()
    turn = chat.ask(OTHER)
    turn.get_by_role("button", name="Bad answer").click()
    chat.tab.keyboard.press("Tab")
    chat.tab.keyboard.type("a treaty with Washington")
    chat.tab.keyboard.press("Enter")
    expect(turn.get_by_text("the right answer is “a treaty with Washington”")).to_be_visible()
    chat.tab.reload()
    expect(turn.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    path = export(chat, "Rated answers", tmp_path)
    good, silent, corrected = (question for _, question in read_questions(path))
    (citation,) = server.http.post("/ask", json={"question": QUESTION}).json()["citations"]
    assert (good.question, good.article_id, good.quote) == (QUESTION, citation["article_id"], citation["quote"])
    assert (silent.question, silent.answerable) == (UNANSWERED, False)
    assert (corrected.question, corrected.answers) == (OTHER, ("a treaty with Washington",))


def test_a_rating_is_taken_back_and_a_bad_answer_alone_is_no_question(chat: Chat) -> None:
    turn = chat.ask(QUESTION)
    turn.get_by_role("button", name="Good answer").click()
    turn.get_by_role("button", name="Good answer").click()
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "false")
    turn.get_by_role("button", name="Bad answer").click()
    rated = chat.tab.get_by_role("button", name="Rated answers")
    chat.tab.get_by_role("button", name="Export").click()
    expect(rated).to_be_disabled()
    chat.tab.keyboard.press("Escape")
    turn.get_by_role("button", name="The articles do not say").click()
    chat.tab.get_by_role("button", name="Export").click()
    expect(rated).to_have_text("Rated answers as questions for assistant eval (1)")
