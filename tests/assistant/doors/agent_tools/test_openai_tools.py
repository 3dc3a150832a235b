import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletionMessageFunctionToolCall, ChatCompletionToolMessageParam
from pydantic import TypeAdapter, ValidationError

from assistant.assistant import Assistant
from assistant.doors.agent_tools import run_openai_tool_call

QUESTION = "When did Kerry last speak to Lavrov?"


def tool_call(name: str, arguments: str) -> ChatCompletionMessageFunctionToolCall:
    return ChatCompletionMessageFunctionToolCall.model_validate(
        {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    )


def run(assistant: Assistant, name: str, arguments: str) -> Any:
    message = run_openai_tool_call(assistant, tool_call(name, arguments))
    TypeAdapter(ChatCompletionToolMessageParam).validate_python(message)
    assert message.keys() == {"role", "tool_call_id", "content"}
    assert message["tool_call_id"] == "call_1"
    return json.loads(message["content"])


def test_an_answer_comes_back_as_a_tool_message_with_its_citations(assistant: Assistant) -> None:
    answer = run(assistant, "ask_articles", json.dumps({"question": QUESTION}))
    assert answer["abstained"] is False
    for citation in answer["citations"]:
        text = assistant.get(citation["article_id"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "on Saturday" in answer["citations"][0]["quote"]
    assert "passages" not in answer


def test_passages_are_returned_unchanged(assistant: Assistant) -> None:
    found = run(assistant, "search_articles", '{"query": "Kerry Lavrov", "top_k": 2, "filters": null}')
    assert len(found["passages"]) == 2
    for passage in found["passages"]:
        assert assistant.get(passage["article_id"]).text[passage["start"] : passage["end"]] == passage["text"]


def test_a_tool_call_may_be_a_dictionary(assistant: Assistant) -> None:
    call = tool_call("ask_articles", json.dumps({"question": QUESTION}))
    first, second = (run_openai_tool_call(assistant, one) for one in (call, call.model_dump()))
    assert first == second


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("ask_articles", '{"question": ""}', "question"),
        ("ask_articles", '{"question": "x", "depth": 3}', "depth"),
        ("ask_articles", '{"question": ', "JSON object"),
        ("ask_articles", "[1]", "JSON object"),
        ("search_articles", '{"query": "x", "top_k": 51}', "top_k"),
        ("search_web", "{}", "search_articles"),
    ],
)
def test_an_error_of_the_model_is_returned_to_it(assistant: Assistant, name: str, arguments: str, words: str) -> None:
    error = run(assistant, name, arguments)["error"]
    assert error["code"] == "invalid_input"
    assert words in json.dumps(error)


def test_an_invalid_tool_call_raises_an_error(assistant: Assistant) -> None:
    with pytest.raises(ValidationError):
        run_openai_tool_call(assistant, {"role": "user"})
