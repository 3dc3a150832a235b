"""Side requests as Open WebUI, LibreChat and others send them."""

import json
from typing import Any

import pytest

from assistant.doors.openai.side_request import NOTHING_ASKED, side_answer

HISTORY = "<chat_history>\nUSER: When did the council vote?\nASSISTANT: On Tuesday evening.\n</chat_history>"
OPEN_WEBUI = (
    "### Task:\n{}\n\n### Guidelines:\n- Be brief.\n\n### Output:\nJSON format: {}\n\n### Chat History:\n" + HISTORY
)
LIBRECHAT = (
    "Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the "
)
LIBRECHAT += "title itself.\n\nConversation:\nUser: When did the council vote?\nAI: On Tuesday evening."
ANALYZE = (
    "Analyze this conversation and provide:\n1. The detected language of the conversation\n2. A concise title in the "
)
ANALYZE += (
    "detected language (5 words or less, no punctuation or quotation)\n\nUser: When did the council vote?\nAI: Tuesday."
)


def reply(*messages: tuple[str, str], response_format: dict[str, Any] | None = None) -> str | None:
    answer = side_answer(messages, response_format)
    assert answer is None or (answer.sentences, answer.citations, answer.abstained) == ((), (), False)
    return answer.answer if answer else None


@pytest.mark.parametrize(
    ("task", "form", "expected"),
    [
        (
            "Generate a concise, 3-5 word title with an emoji summarizing the chat history.",
            '{ "title": "your concise title here" }',
            {"title": "When did the council vote"},
        ),
        (
            "Generate 1-3 broad tags categorizing the main themes of the chat history.",
            '{ "tags": ["tag1", "tag2", "tag3"] }',
            {"tags": ["General"]},
        ),
        (
            "Suggest 3-5 relevant follow-up questions that the user might naturally ask next in this conversation.",
            '{ "follow_ups": ["Question 1?", "Question 2?"] }',
            {"follow_ups": []},
        ),
        (
            "Analyze the chat history to determine the necessity of generating search queries.",
            '{ "queries": ["query1", "query2"] }',
            {"queries": ["When did the council vote"]},
        ),
        (
            "You are an autocompletion system. Continue the text in `<text>` and reply in JSON.",
            '{ "text": "<your_completion>" }',
            {"text": ""},
        ),
    ],
)
def test_a_task_about_the_chat_gets_the_json_that_it_asks_for(task: str, form: str, expected: object) -> None:
    assert json.loads(reply(("user", OPEN_WEBUI.format(task, form))) or "") == expected


@pytest.mark.parametrize(
    "messages",
    [
        [("user", LIBRECHAT)],
        [("user", ANALYZE)],
        [("system", LIBRECHAT)],
        [
            (
                "system",
                "Write a short title for this conversation. User: When did the council vote? Response: On Tuesday.",
            )
        ],
        [
            ("system", "Create a title for this conversation. Reply with it only."),
            ("user", "When did the council vote?"),
        ],
        [
            ("user", "When did the council vote?"),
            ("assistant", "On Tuesday."),
            ("user", "Give this conversation a title."),
        ],
        [
            ("system", "You name chats."),
            ("user", "Please create a short title for the following message:\n\nUser: When did the council vote?"),
        ],
    ],
)
def test_a_title_repeats_the_first_words_of_the_question(messages: list[tuple[str, str]]) -> None:
    assert reply(*messages) == "When did the council vote"


def test_a_system_message_alone_is_told_to_ask() -> None:
    assert reply(("system", "You are a helpful assistant.")) == NOTHING_ASKED


def test_wanted_json_fits_its_schema() -> None:
    schema = {
        "type": "object",
        "required": ["title", "language", "score"],
        "properties": {
            "title": {"type": "string"},
            "language": {"enum": ["en", "de"]},
            "score": {"type": ["number", "null"]},
            "parts": {"type": "array", "items": {"type": "string"}},
        },
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "title", "schema": schema}}
    found = json.loads(reply(("user", "When did the council vote?"), response_format=wanted) or "")
    assert found == {"title": "When did the council vote", "language": "en", "score": 0, "parts": []}
    assert reply(("user", "When?"), response_format={"type": "json_object"}) == "{}"
    assert reply(("user", "When?"), response_format={"type": "text"}) is None


@pytest.mark.parametrize(
    "question",
    [
        "When did Kerry last speak to Lavrov?",
        "What is the title of the treaty that Putin suspended?",
        "Give the name of the official who led the conversation with Lavrov.",
        "Summarize the conversation between Kerry and Lavrov.",
        "Write down the follow-up to the ceasefire.",
        "Which tags does the article have?",
        "What did the User: field say?",
    ],
)
def test_a_question_about_the_articles_is_none(question: str) -> None:
    assert reply(("system", "Create a title for this conversation when asked."), ("user", question)) is None


def test_markup_of_the_question_is_not_repeated() -> None:
    said = 'User: ![x](http://evil.example/a.png) "quoted" <b>vote</b>?'
    title = reply(("user", f"Generate a title for this conversation.\n{said}"))
    assert title
    assert not set(title) & set('![]()<>"')
