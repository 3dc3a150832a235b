import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from embeddings import maintenance
from embeddings.errors import (
    ExtraMissing,
    LibraryBusy,
    LibraryError,
    LibraryMismatch,
    LibraryUnreachable,
    LibraryUnreadable,
)
from embeddings.library import Library
from embeddings.storage.postgres import PostgresDatabase
from embeddings.text.article import Article
from tests.embeddings.storage.contract import DatabaseContract, Open, put
from tests.hashed_words import HashedWords
from tests.postgres_server import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.library_url()


class TestPostgres(DatabaseContract):
    @pytest.fixture
    def opened(self, url: str) -> Open:
        return partial(PostgresDatabase, url, "encoder")


def test_a_writer_holds_off_the_others_and_no_reader(url: str) -> None:
    with PostgresDatabase(url, "encoder") as one, PostgresDatabase(url, "encoder") as other, one.writing(1):
        with pytest.raises(LibraryBusy), other.writing(0.01):
            pass
        with other.snapshot() as now:
            assert now.count_passages() == 0


@pytest.mark.parametrize("end", [PostgresServer.stop, PostgresServer.kill])
def test_a_server_that_ends_is_an_error_and_loses_nothing(
    postgres: PostgresServer, url: str, end: Callable[[PostgresServer], None]
) -> None:
    with PostgresDatabase(url, "encoder") as database:
        put(database, Article.create("One."))
        with pytest.raises(LibraryUnreachable), database.transaction() as change:  # noqa: PT012
            change.put(Article.create("Two."), [])
            end(postgres)
        try:
            with pytest.raises(LibraryUnreachable, match="Nothing was lost"), database.snapshot():
                pass
        finally:
            postgres.start()
        with database.snapshot() as now:
            assert (now.generation, now.counts()) == (1, (1, 1))


def test_tables_of_another_version_are_refused(url: str) -> None:
    with PostgresDatabase(url, "encoder") as database, database.transaction() as change:
        change.rows("UPDATE schema_version SET version = 99")
    with pytest.raises(LibraryMismatch, match="version 99"):
        PostgresDatabase(url, "encoder")


def test_tables_of_the_version_before_are_migrated_with_all_that_they_have(url: str, encoder: HashedWords) -> None:
    with PostgresDatabase(url, "encoder") as database, database.transaction() as change:
        change.put(Article.create("Kerry spoke to Lavrov."), [])
        change.rows("DROP TABLE runtimes")
        change.rows("ALTER TABLE articles DROP COLUMN lists")
        change.rows("ALTER TABLE articles DROP COLUMN code")
        change.rows("UPDATE schema_version SET version = 6")
    with PostgresDatabase(url, "encoder") as database, database.transaction() as change:
        assert (change.counts()[0], change.runtimes()) == (1, [])
        change.record_runtime(encoder.runtime)
    with PostgresDatabase(url, "encoder") as database, database.snapshot() as now:
        assert now.runtimes() == ["hashed words"]


def test_a_missing_package_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ExtraMissing, match=r"cited-articles\[postgres\]"):
        PostgresDatabase(url, "encoder")


def test_each_server_brings_its_own_indexes_up_to_date(url: str, tmp_path: Path, encoder: HashedWords) -> None:
    text = "Kerry spoke to Lavrov."
    with (
        Library.open(tmp_path / "one", encoder, database_url=url) as one,
        Library.open(tmp_path / "two", encoder, database_url=url) as two,
    ):
        (added,) = one.add([Article.create(text, path="a")])
        assert added.article_id
        for library in (one, two):
            for by in ("dense", "bm25", "fused"):
                assert [hit.article.id for hit in library.search("Lavrov", by=by)] == [added.article_id]
        two.remove(added.article_id)
        for library in (one, two):
            assert library.search("Lavrov") == []
            assert all(ok for _, ok, _ in library.check()), library.check()
        (again,) = one.add([Article.create(text, path="a")])
        assert again.status == "added"
    with Library.open(tmp_path / "two", encoder, database_url=url) as reopened:
        assert len(reopened.search("Lavrov")) == 1
        assert reopened.notices == ()


def test_indexes_beside_an_empty_database_are_a_sign_that_it_is_the_wrong_one(
    postgres: PostgresServer, url: str, tmp_path: Path, encoder: HashedWords
) -> None:
    with Library.open(tmp_path, encoder, database_url=url) as library:
        list(library.add([Article.create("One.")]))
    with pytest.raises(LibraryUnreadable, match="gone"):
        Library.open(tmp_path, encoder, database_url=postgres.library_url())
    with pytest.raises(LibraryError, match="no library"):
        Library.open(tmp_path / "new", encoder, create=False, database_url=postgres.library_url())


def test_a_library_is_moved_to_postgres_and_back(url: str, tmp_path: Path, encoder: HashedWords) -> None:
    articles = [Article.create(f"Kerry spoke to Lavrov\0 {number}.", path=str(number)) for number in range(3)]
    with Library.open(tmp_path / "one", encoder) as library:
        ids = [outcome.article_id or "" for outcome in library.add(articles)]
        library.remove(ids[2])
        identity, state = library.identity, library.state

    counts = maintenance.move(tmp_path / "one", encoder, url, to_folder=False)
    assert (counts["articles"], counts["passages"], counts["removals"]) == (2, 2, 1)
    with Library.open(tmp_path / "one", encoder, database_url=url) as moved:
        assert (moved.identity, moved.state, moved.notices) == (identity, state, ())
        list(moved.add(articles[2:]))
        assert [passage.key for passage in moved.passages(ids[2])] == [4], "a key is never used again"
    with pytest.raises(LibraryError, match="cannot be copied"):
        maintenance.move(tmp_path / "one", encoder, url, to_folder=False)

    with Library.open(tmp_path / "one", encoder, database_url=url) as moved:
        moved.export(tmp_path / "file")
    maintenance.import_export(tmp_path / "two", encoder, tmp_path / "file")
    with Library.open(tmp_path / "two", encoder) as imported:
        assert [imported.get(article_id) for article_id in ids] == articles

    (tmp_path / "one" / "library.db").rename(tmp_path / "kept")
    maintenance.move(tmp_path / "one", encoder, url, to_folder=True)
    with Library.open(tmp_path / "one", encoder) as back:
        assert [back.get(article_id) for article_id in ids] == articles
        assert all(ok for _, ok, _ in back.check()), back.check()
