import pytest
from pydantic import SecretStr

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
