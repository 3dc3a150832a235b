import socket
from contextlib import ExitStack
from pathlib import Path

from pydantic import SecretStr

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.reading import weights
from assistant.reading.pair_network import TorchNetwork
from assistant.reading.reader import Reader, Readers
from assistant.settings import Settings
from embeddings.errors import LibraryUnreadable
from embeddings.library import Library
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer
from tests.serving import Server, listening, running


def test_a_server_that_has_loaded_is_live_and_ready(server: Server) -> None:
    server.http.get("/articles")  # waits until the assistant is open
    assert server.http.get("/health/live").json() == {"status": "live"}
    ready = server.http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


def test_a_server_opens_its_own_library(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library")
    with socket.create_server(("127.0.0.1", 0)) as listener, running(create_app(settings), listener) as server:
        assert server.http.get("/health/live").status_code == 200
        assert server.http.get("/articles").json() == {"articles": [], "next_cursor": None}
        answer = server.http.post("/ask", json={"question": "Is anything here?"}).json()
        assert answer["abstained"] is True
    assert (tmp_path / "library").is_dir()


def test_a_library_that_cannot_be_opened_leaves_the_server_live_and_not_ready(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_text("not a database, but long enough to look like one" * 100)
    settings = Settings(library=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener, running(create_app(settings), listener) as server:
        asked = server.http.post("/ask", json={"question": "Is anything here?"})
        ready = server.http.get("/health/ready")
        live = server.http.get("/health/live")
    assert (asked.status_code, asked.json()["error"]["code"]) == (500, LibraryUnreadable.code)
    assert (ready.status_code, ready.json()["error"]["code"]) == (503, "not_ready")
    assert live.status_code == 200


def test_a_server_is_ready_while_its_database_answers_even_if_that_starts_later(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    settings = Settings(library=tmp_path / "library", database_url=SecretStr(postgres.library_url()))
    postgres.stop()
    with ExitStack() as stack:
        stopped = stack.enter_context(ExitStack())
        stopped.callback(postgres.start)
        server = stack.enter_context(running(create_app(settings), stack.enter_context(listening())))
        asked = server.http.get("/articles")
        assert (asked.status_code, asked.json()["error"]["code"]) == (503, "library_unreachable")
        assert server.http.get("/health/ready").status_code == 503
        stopped.close()
        assert server.http.get("/articles").status_code == 200
        assert server.http.get("/health/ready").status_code == 200

        postgres.stop()
        stopped.callback(postgres.start)
        ready = server.http.get("/health/ready")
        assert ready.status_code == 503
        assert "LibraryUnreachable" in ready.json()["error"]["got"]
        assert server.http.get("/health/live").status_code == 200
        stopped.close()
        assert server.http.get("/health/ready").status_code == 200


def test_a_reader_that_does_not_load_leaves_the_server_live_and_not_ready(tmp_path: Path) -> None:
    (tmp_path / "torn.safetensors").write_bytes(weights.WEIGHTS_FILE.read_bytes()[:100_000])
    with Library.open(tmp_path / "library", HashedWords()) as library:
        assistant = Assistant(library, Settings())
        torn = Reader("torn", lambda: TorchNetwork(weights.load(tmp_path / "torn.safetensors")))
        assistant._pipeline.readers = Readers(torn)
        with (
            socket.create_server(("127.0.0.1", 0)) as listener,
            running(create_app(Settings(), assistant), listener) as server,
        ):
            asked = server.http.post("/ask", json={"question": "Is anything here?"})
            ready = server.http.get("/health/ready")
            live = server.http.get("/health/live")
    assert (asked.status_code, asked.json()["error"]["code"]) == (503, "reader_unavailable")
    assert (ready.status_code, ready.json()["error"]["code"]) == (503, "not_ready")
    assert live.status_code == 200
