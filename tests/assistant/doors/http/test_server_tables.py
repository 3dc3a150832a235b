"""What the servers over one PostgreSQL database share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.doors.http.server_tables import ServerTables
from assistant.settings import Settings
from embeddings.errors import LibraryUnreachable
from embeddings.library import Library
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer
from tests.serving import Server, listening, running


@pytest.fixture
def servers(postgres: PostgresServer, tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers over one library, both told to keep in step with a folder, with sixty requests a minute."""
    url = postgres.library_url()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "pier.txt").write_text("The pier was rebuilt.")
    with ExitStack() as stack:
        every = []
        for name in ("one", "two"):
            settings = Settings(database_url=SecretStr(url), sync=str(tmp_path / "articles"), rate_limit=60)
            library = Library.open(tmp_path / name, HashedWords(), database_url=url)
            assistant = stack.enter_context(Assistant(library, settings))
            every.append(stack.enter_context(running(create_app(settings, assistant), listening())))
        yield every


def test_a_client_has_one_limit_at_all_servers_and_sees_one_sync(servers: list[Server]) -> None:
    admitted = []
    while replies := [reply for reply in (one.http.get("/jobs") for one in servers) if reply.status_code == 200]:
        admitted += replies
    assert 60 <= len(admitted) < 90  # and one more each second; 120 if each counted for itself
    assert len({job["id"] for reply in admitted for job in reply.json()["jobs"]}) == 1


def test_one_server_at_a_time_has_the_turn(postgres: PostgresServer) -> None:
    url = postgres.library_url()
    with closing(ServerTables(url)) as one, closing(ServerTables(url)) as two:
        assert [one.take_turn("a"), two.take_turn("a"), one.take_turn("a")] == [True, False, True]
        assert two.take_turn("b"), "each source has a turn of its own"
        one.close()  # as the end of its process does
        while not two.take_turn("a"):  # PostgreSQL needs a moment to see it
            pass
        assert not one.take_turn("a")


def test_libraries_of_one_database_take_turns_of_their_own(postgres: PostgresServer) -> None:
    with closing(ServerTables(postgres.library_url())) as one, closing(ServerTables(postgres.library_url())) as two:
        assert one.take_turn("a")
        assert two.take_turn("a")


def test_servers_that_begin_at_once_make_the_tables_once(postgres: PostgresServer) -> None:
    url = postgres.library_url()
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        every = [stack.enter_context(closing(ServerTables(url))) for _ in range(8)]
        counts = list(pool.map(lambda tables: tables.execute("SELECT count(*) FROM server_jobs"), every))
    assert counts == [[(0,)]] * 8


def test_the_tables_are_there_again_when_the_database_is(postgres: PostgresServer) -> None:
    with closing(ServerTables(postgres.library_url())) as tables:
        assert tables.take_turn("a")
        postgres.stop()
        with pytest.raises(LibraryUnreachable):
            tables.take_turn("a")
        postgres.start()
        assert tables.take_turn("a")
