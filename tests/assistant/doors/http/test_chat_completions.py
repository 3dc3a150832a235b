"""OpenAI's own client against the real server."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessage, ChatCompletionMessageParam

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from tests.serving import Server, running

QUESTION = "When did Kerry last speak to Lavrov?"
ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
NONSENSE: list[ChatCompletionMessageParam] = [{"role": "user", "content": "How long does sourdough bread bake?"}]


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def completion(client: OpenAI) -> ChatCompletion:
    return client.chat.completions.create(model="articles", messages=ASKED)


@pytest.fixture(scope="module")
def message(completion: ChatCompletion) -> ChatCompletionMessage:
    return completion.choices[0].message


def own(message: Any, field: str) -> Any:
    """A field that OpenAI's types do not know."""
    return message.model_extra[field]


def test_annotations_span_the_sentences_that_they_support(message: ChatCompletionMessage) -> None:
    assert message.content is not None
    assert message.annotations
    sentences = [sentence["text"] for sentence in own(message, "answer")["sentences"]]
    for annotation in message.annotations:
        found = annotation.url_citation
        assert message.content[found.start_index : found.end_index] in sentences
        assert found.url.startswith("http://www.news.com.au/")
        assert "#:~:text=" in found.url
        assert found.title == "US ends talks with Russia on trying to halt violence in Syria"


def test_a_citation_has_the_exact_characters_of_the_article(server: Server, message: ChatCompletionMessage) -> None:
    assert own(message, "citations")
    for citation in own(message, "citations"):
        text = server.http.get(f"/articles/{citation['article_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"“{citation['quote']}”" in (message.content or "")
    assert "on Saturday" in own(message, "citations")[0]["quote"]


def test_the_citations_are_those_of_ask(server: Server, message: ChatCompletionMessage) -> None:
    answer = server.http.post("/ask", json={"question": QUESTION}).json()
    assert own(message, "citations") == answer.pop("citations")
    del answer["passages"]
    changing = {"id": "", "timings_ms": {}}
    assert own(message, "answer") | changing == answer | changing


def test_a_stream_has_the_same_reply_and_citations(client: OpenAI, message: ChatCompletionMessage) -> None:
    with client.chat.completions.stream(model="articles", messages=ASKED) as stream:
        parts = [event.delta for event in stream if event.type == "content.delta"]
        streamed = stream.get_final_completion().choices[0]
    assert streamed.finish_reason == "stop"
    assert streamed.message.content == message.content == "".join(parts)
    assert len(parts) > 1
    assert streamed.message.annotations == message.annotations
    assert own(streamed.message, "citations") == own(message, "citations")


@pytest.mark.parametrize("text", ["Hello!", "What articles do you have?", "What is the article about?"])
def test_small_talk_gets_a_reply_of_its_own_at_once_and_streamed(client: OpenAI, text: str) -> None:
    asked: list[ChatCompletionMessageParam] = [{"role": "user", "content": text}]
    content = client.chat.completions.create(model="articles", messages=asked).choices[0].message.content
    assert content
    assert "The articles do not say" not in content
    with client.chat.completions.stream(model="articles", messages=asked) as stream:
        assert "".join(event.delta for event in stream if event.type == "content.delta") == content


def test_a_stream_is_server_sent_events_and_ends_with_done(server: Server) -> None:
    body = {"model": "articles", "messages": ASKED, "stream": True}
    response = server.http.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done, rest = response.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    deltas = [json.loads(event.removeprefix("data: "))["choices"][0]["delta"] for event in events]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert list(deltas[-2]) == ["annotations", "citations", "answer"]
    assert deltas[-1] == {}


def test_a_stream_reports_usage_on_request(client: OpenAI, completion: ChatCompletion) -> None:
    silent = list(client.chat.completions.create(model="articles", messages=ASKED, stream=True))
    assert {chunk.usage for chunk in silent} == {None}
    telling = list(
        client.chat.completions.create(
            model="articles", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    assert telling[-1].choices == []
    assert telling[-1].usage == completion.usage
    assert [chunk.usage for chunk in telling[:-1]] == [None] * (len(telling) - 1)
    assert len({(chunk.id, chunk.created) for chunk in telling}) == 1


def test_the_tokens_of_question_and_reply_are_counted(completion: ChatCompletion, assistant: Assistant) -> None:
    usage, tokens = completion.usage, assistant.library.encoder.tokens
    assert usage is not None
    assert usage.prompt_tokens == len(tokens(QUESTION))
    assert usage.completion_tokens == len(tokens(completion.choices[0].message.content or ""))
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "streamed"])
def test_an_abstention_is_a_message_that_says_so_and_cites_nothing(server: Server, stream: bool) -> None:
    with OpenAI(base_url=f"{server.url}/v1", api_key="none") as client:
        if stream:
            with client.chat.completions.stream(model="articles", messages=NONSENSE) as events:
                message: Any = events.get_final_completion().choices[0].message
        else:
            message = client.chat.completions.create(model="articles", messages=NONSENSE).choices[0].message
    assert message.content.startswith("The articles do not say.")
    assert message.annotations == own(message, "citations") == []
    assert message.refusal is None
    assert own(message, "answer")["abstained"] is True
    assert own(message, "answer")["reason"] in {"no_relevant_passage", "not_answered_by_passages"}


def test_footnotes_can_be_turned_off(assistant: Assistant, message: ChatCompletionMessage) -> None:
    settings = assistant.settings.model_copy(update={"openai_footnotes": False})
    app = create_app(settings, Assistant(assistant.library, settings))
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:
        body = {"model": "articles", "messages": ASKED}
        plain = server.http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert plain["content"] == own(message, "answer")["answer"]
    assert "[1]" not in plain["content"]
    assert plain["citations"] == own(message, "citations")


def test_options_of_other_models_are_ignored_and_filters_have_their_own_field(client: OpenAI) -> None:
    nobody = {"articles": {"filters": {"published_after": "2020-01-01"}}}
    completion = client.chat.completions.create(
        model="articles",
        messages=[{"role": "system", "content": "Answer in rhyme."}, *ASKED],
        temperature=0,
        max_tokens=10,
        tools=[],
        user="somebody",
        extra_body=nobody,
    )
    assert own(completion.choices[0].message, "answer")["reason"] == "no_relevant_passage"


def test_the_one_model_is_listed(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["articles"]
    assert client.models.retrieve("articles").object == "model"


def test_an_unknown_model_is_an_error_that_names_the_known_one(client: OpenAI) -> None:
    for ask in (
        lambda: client.chat.completions.create(model="gpt-4o", messages=ASKED),
        lambda: client.models.retrieve("gpt-4o"),
    ):
        with pytest.raises(openai.NotFoundError, match="There is no such model") as caught:
            ask()
        assert caught.value.code == "model_not_found"
        assert isinstance(caught.value.body, dict)
        assert caught.value.body["expected"] == "articles"


@pytest.mark.parametrize("stream", [False, True], ids=["at once", "streamed"])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"messages": []}, "no question"),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, "2000"),
        ({"messages": [{"content": "x"}]}, "role"),
        ({"articles": {"top_k": 51}}, "top_k"),
        ({"model": None}, "model"),
    ],
    ids=["no message", "too long", "no role", "top_k", "no model"],
)
def test_invalid_values_are_an_error_before_the_stream_starts(
    server: Server, fields: dict[str, Any], words: str, stream: bool
) -> None:
    body = {"model": "articles", "messages": ASKED, "stream": stream} | fields
    response = server.http.post("/v1/chat/completions", json=body)
    assert response.status_code == 422
    assert list(response.json()["error"]) == ["code", "message", "expected", "got", "hint"]
    assert words in response.text
