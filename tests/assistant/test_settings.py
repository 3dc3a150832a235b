from collections.abc import Callable

import pytest
from pydantic import SecretStr

from assistant import Assistant, create_app
from assistant.settings import Settings
from embeddings.errors import InvalidInput


@pytest.mark.parametrize(
    ("host", "start"),
    [("::1", "http://[::1]:8000"), ("127.0.0.1", "http://127.0.0.1:8000"), ("here", "http://here:8000")],
)
def test_the_public_url_is_one_that_a_browser_can_open(host: str, start: str) -> None:
    assert Settings(host=host).public_url == start


@pytest.mark.parametrize("uri", ["milvus", "library/milvus.sqlite", "grpc://127.0.0.1:19530", "ftp://here/milvus.db"])
def test_a_milvus_is_a_server_or_a_file_of_milvus_lite(uri: str) -> None:
    assert Settings().milvus is None
    server = Settings(milvus_uri="https://here:19530", milvus_token=SecretStr("ada:secret"))
    assert server.milvus == ("https://here:19530", "ada:secret")
    assert Settings(milvus_uri="library/milvus.db").milvus == ("library/milvus.db", "")
    with pytest.raises(InvalidInput, match="cannot be a Milvus"):
        Settings(milvus_uri=uri)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_READER", "")
    monkeypatch.setenv("ASSISTANT_PORT", "")
    assert Settings() == Settings(reader=None, port=8000)


@pytest.mark.parametrize("use", [Settings.read, Assistant.open, create_app])
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "abc", "a whole number"),
        ("port", "70000", "less than or equal to 65535"),
        ("llm_timeout", "soon", "a number"),
        ("openai_footnotes", "maybe", "true or false"),
        ("reader", "tiny", "'careful', 'small' or 'off'"),
    ],
)
def test_a_wrong_variable_is_invalid_input_that_names_it(
    monkeypatch: pytest.MonkeyPatch, use: Callable[[], object], name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", value)
    with pytest.raises(InvalidInput) as raised:
        use()
    assert (raised.value.message, raised.value.expected) == (f"`{name}` is not right.", expected)
    assert raised.value.got == repr(value)
    assert f"ASSISTANT_{name.upper()}," in raised.value.hint


def test_an_option_takes_the_place_of_a_wrong_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    assert Settings.read(port=9000, host=None) == Settings(port=9000, host="127.0.0.1")
