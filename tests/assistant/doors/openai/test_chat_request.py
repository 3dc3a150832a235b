from typing import Any

import pytest

from assistant.doors.openai import ChatRequest
from embeddings.errors import InvalidInput

QUESTION = {"role": "user", "content": "And when?"}


def chat(*messages: dict[str, Any], **fields: Any) -> ChatRequest:
    return ChatRequest.model_validate({"model": "articles", "messages": messages, **fields})


def test_the_last_user_message_is_the_question_and_the_turns_before_it_are_its_history() -> None:
    earlier = [{"role": "user", "content": "Who spoke?"}, {"role": "assistant", "content": "Kerry."}]
    asked = chat(*earlier, QUESTION).question()
    assert asked.question == "And when?"
    assert [turn.model_dump() for turn in asked.history or ()] == earlier


@pytest.mark.parametrize(
    "ignored",
    [
        {"role": "system", "content": "Answer in rhyme."},
        {"role": "developer", "content": "Answer in rhyme."},
        {"role": "tool", "tool_call_id": "1", "content": "42"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]},
    ],
    ids=["system", "developer", "tool", "a tool call", "a picture"],
)
def test_system_and_tool_messages_are_ignored(ignored: dict[str, Any]) -> None:
    asked = chat(ignored, QUESTION, ignored).question()
    assert (asked.question, asked.history) == ("And when?", ())


def test_the_text_of_parts_is_read() -> None:
    parts = [{"type": "text", "text": "When did"}, {"type": "image_url"}, {"type": "text", "text": "they speak?"}]
    assert chat({"role": "user", "content": parts}).question().question == "When did\nthey speak?"


def test_a_long_chat_keeps_its_newest_messages() -> None:
    turns = [{"role": "user", "content": f"{number} " + "x" * 30_000} for number in range(30)]
    history = chat(*turns, QUESTION).question().history or ()
    assert [turn.content.split()[0] for turn in history] == [str(number) for number in range(10, 30)]
    assert {len(turn.content) for turn in history} == {20_000}


def test_search_options_have_their_own_field() -> None:
    asked = chat(QUESTION, articles={"top_k": 3, "filters": {"sources": ["Reuters"]}}, temperature=0).question()
    assert asked.top_k == 3
    assert asked.filters is not None
    assert asked.filters.sources == ("Reuters",)


@pytest.mark.parametrize(
    "messages",
    [[], [{"role": "system", "content": "Hi."}], [{"role": "user", "content": " "}], [{"role": "user", "content": []}]],
    ids=["none", "system only", "blank", "no parts"],
)
def test_a_chat_without_a_question_is_an_error_that_says_how_to_ask(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidInput, match="no question") as caught:
        chat(*messages).question()
    assert '"role": "user"' in caught.value.hint


def test_a_lone_surrogate_is_rejected() -> None:
    with pytest.raises(InvalidInput):
        chat({"role": "user", "content": "\ud800"}).question()


def test_the_footnotes_of_an_earlier_reply_are_not_in_the_history() -> None:
    quoted = "\n\n[1] “Kerry spoke” Talks, paragraph 4 <http://a>\n\n[2] “He left” Talks, paragraph 5 <http://b>"
    shown = {"role": "assistant", "content": f"Kerry spoke on Saturday. [1] He left. [2]{quoted}"}
    plain = {"role": "assistant", "content": "See [1] there."}
    history = chat(shown, plain, QUESTION).question().history or ()
    assert [turn.content for turn in history] == ["Kerry spoke on Saturday. He left.", "See [1] there."]
