import json
import socket
from threading import Event

import pytest
from pydantic import SecretStr

from assistant.errors import LanguageModelError
from assistant.language_model import LanguageModel, ModelMessage
from assistant.settings import Settings
from embeddings.errors import InvalidInput
from tests.model_server import HEAD, MISBEHAVIOUR, ModelServer, chunk, model_server, patience, sends, writes

ASKED: list[ModelMessage] = [{"role": "user", "content": "When did Kerry last speak to Lavrov?"}]


def model(server: ModelServer, timeout: float = 30, key: str | None = None) -> LanguageModel:
    secret = SecretStr(key) if key else None
    return LanguageModel(
        Settings(llm_base_url=server.url, llm_model="scripted", llm_api_key=secret, llm_timeout=timeout)
    )


def test_a_reply_comes_piece_by_piece() -> None:
    with model_server(writes("On ", "Saturday.")) as server:
        assert list(model(server).stream(ASKED, max_tokens=50)) == ["On ", "Saturday."]
        assert model(server).complete(ASKED, max_tokens=50) == "On Saturday."
    asked = json.loads(server.asked[0])
    assert asked["messages"] == ASKED
    assert (asked["model"], asked["max_tokens"], asked["temperature"], asked["stream"]) == ("scripted", 50, 0, True)


@pytest.mark.parametrize("play", MISBEHAVIOUR)
def test_every_failure_is_one_error_with_its_reason(play: str) -> None:
    misbehave, reason = MISBEHAVIOUR[play]
    with model_server(misbehave) as server, pytest.raises(LanguageModelError) as caught:
        model(server, timeout=patience(reason)).complete(ASKED, max_tokens=50)
    assert caught.value.reason.startswith(reason)


def test_an_unreachable_server_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = Settings(llm_base_url=f"http://127.0.0.1:{port}/v1", llm_model="none")
    with pytest.raises(LanguageModelError, match="could not be reached"):
        LanguageModel(settings).complete(ASKED, max_tokens=50)


@pytest.mark.parametrize("said", [(), (HEAD, chunk("Kerry"))], ids=["before a word", "after a word"])
def test_a_cancelled_request_closes_the_connection(said: tuple[bytes, ...]) -> None:
    cancelled = Event()

    def play(connection: socket.socket, prompt: str) -> None:
        cancelled.set()
        sends(*said, then_stays=True)(connection, prompt)

    with model_server(play) as server:
        assert "".join(model(server).stream(ASKED, max_tokens=50, cancelled=cancelled.is_set)) in {"", "Kerry"}
        assert server.done.wait(1)


def test_an_iterator_that_is_closed_closes_the_connection() -> None:
    with model_server(sends(HEAD, chunk("Kerry"), then_stays=True)) as server:
        pieces = model(server).stream(ASKED, max_tokens=50)
        assert next(pieces) == "Kerry"
        pieces.close()
        assert server.done.wait(1)


def test_the_key_is_sent_and_never_shown() -> None:
    with model_server(writes("On Saturday.")) as server:
        model(server, key="s3cret").complete(ASKED, max_tokens=50)
    assert "authorization: bearer s3cret" in server.heads[0].lower()
    settings = Settings(llm_base_url="http://here/v1", llm_model="scripted", llm_api_key=SecretStr("s3cret"))
    assert "s3cret" not in f"{settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize("given", [{"llm_base_url": "http://127.0.0.1:1/v1"}, {"llm_model": "llama3.2"}])
def test_a_server_without_a_model_or_the_reverse_is_a_clear_error(given: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="ASSISTANT_LLM_BASE_URL and ASSISTANT_LLM_MODEL, or neither"):
        Settings.model_validate(given)


@pytest.mark.parametrize("key", ["clé", "s3cret\n", "two words"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(InvalidInput, match="ASSISTANT_LLM_API_KEY") as caught:
        Settings(llm_base_url="http://here/v1", llm_model="scripted", llm_api_key=SecretStr(key))
    assert key not in str(caught.value)


def test_default_settings_have_no_language_model() -> None:
    assert LanguageModel.from_settings(Settings()) is None
