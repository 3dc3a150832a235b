"""OpenAI's own client against the Responses route of the real server."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.responses import Response, ResponseOutputText

from tests.serving import Server

QUESTION = "When did Kerry last speak to Lavrov?"
TITLE = "Generate a title for this conversation.\n\nUser: When did they vote?\nAssistant: On Tuesday."


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def response(client: OpenAI) -> Response:
    return client.responses.create(model="articles", input=QUESTION)


def text_of(response: Response) -> ResponseOutputText:
    (message,) = response.output
    assert message.type == "message"
    (text,) = message.content
    assert text.type == "output_text"
    return text


def test_annotations_span_the_sentences_that_they_support(response: Response) -> None:
    text = text_of(response)
    assert (response.status, response.output_text) == ("completed", text.text)
    assert text.annotations
    for found in text.annotations:
        assert found.type == "url_citation"
        assert "on Saturday" in text.text[found.start_index : found.end_index]
        assert "#:~:text=" in found.url


def test_the_text_and_the_citations_are_those_of_a_chat_completion(server: Server, response: Response) -> None:
    chat = {"model": "articles", "messages": [{"role": "user", "content": QUESTION}]}
    completion = server.http.post("/v1/chat/completions", json=chat).json()
    message = completion["choices"][0]["message"]
    assert response.output_text == message["content"]
    assert (response.output[0].model_extra or {})["citations"] == message["citations"]
    assert response.usage
    assert response.usage.total_tokens == completion["usage"]["total_tokens"]


def test_a_stream_ends_with_the_same_response(client: OpenAI, response: Response) -> None:
    with client.responses.stream(model="articles", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert final.output_text == response.output_text
    assert text_of(final).annotations == text_of(response).annotations
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == final.output_text
    names = [event.type for event in events]
    assert names[:2] == ["response.created", "response.in_progress"]
    assert names.count("response.output_text.annotation.added") == len(text_of(final).annotations)
    assert names[-1] == "response.completed"


def test_the_last_user_message_is_the_question_and_unknown_fields_are_ignored(client: OpenAI) -> None:
    conversation: Any = [
        {"role": "user", "content": [{"type": "input_text", "text": "Who is Sergei Lavrov?"}]},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Kerry's Russian counterpart."}]},
        {"type": "message", "role": "user", "content": QUESTION},
    ]
    extra: Any = {"articles": None, "unknown": {"x": 1}}
    response = client.responses.create(
        model="articles", instructions="Answer in rhyme.", input=conversation, temperature=0, tools=[], extra_body=extra
    )
    assert "on Saturday" in response.output_text
    assert text_of(response).annotations


def test_filters_have_their_own_field_and_an_abstention_cites_nothing(client: OpenAI) -> None:
    later = {"articles": {"filters": {"published_after": "2020-01-01"}}}
    text = text_of(client.responses.create(model="articles", input=QUESTION, extra_body=later))
    assert text.text.startswith("The articles do not say.")
    assert text.annotations == []


def test_wanted_json_is_json(client: OpenAI) -> None:
    response = client.responses.create(model="articles", input=QUESTION, text={"format": {"type": "json_object"}})
    assert json.loads(response.output_text) == {}
    assert text_of(response).annotations == []


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "streamed"])
@pytest.mark.parametrize("fields", [{"input": ""}, {"input": []}, {"input": "x" * 2001}, {"input": 1}])
def test_invalid_values_are_an_error_before_the_stream_starts(
    server: Server, fields: dict[str, Any], stream: bool
) -> None:
    response = server.http.post("/v1/responses", json={"model": "articles", "stream": stream, **fields})
    assert response.status_code == 422
    assert list(response.json()["error"]) == ["code", "message", "expected", "got", "hint"]


def test_an_unknown_model_is_an_error_that_names_the_known_one(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="There is no such model"):
        client.responses.create(model="gpt-4o", input=QUESTION)


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "streamed"])
@pytest.mark.parametrize("role", ["user", "system"])
def test_a_side_request_of_a_chat_client_gets_a_reply_without_citations(
    client: OpenAI, role: Any, stream: bool
) -> None:
    asked: Any = {
        "model": "articles",
        "messages": [{"role": role, "content": TITLE}],
        "extra_body": {"articles": None, "metadata": {"task": "title_generation"}, "unknown": [1]},
    }
    if stream:
        chunks = client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **asked)
        texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        assert "".join(texts) == "When did they vote"
    else:
        message = client.chat.completions.create(**asked).choices[0].message
        assert message.content == "When did they vote"
        assert message.annotations == []
