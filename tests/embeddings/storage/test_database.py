import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import LibraryError, LibraryMismatch, LibraryUnreadable
from embeddings.storage.database import Database
from embeddings.storage.schema import VERSION
from embeddings.text.article import Article, Span
from embeddings.text.passage import EncodedPassage


def passages(*spans: tuple[int, int]) -> list[EncodedPassage]:
    return [
        EncodedPassage(Span(start=start, end=end), bytes([start, end]) * 16, np.full(4, 0.5, np.float32))
        for start, end in spans
    ]


def put(database: Database, article: Article, *spans: tuple[int, int]) -> bool:
    with database.transaction() as change:
        return change.put(article, passages(*spans or [(0, len(article.text))]))


def test_every_commit_is_flushed_to_the_disk_before_it_is_reported(tmp_path: Path) -> None:
    with Database(tmp_path / "db", "encoder") as database:
        put(database, Article.create("One."))
        with database._connection() as one, database._connection() as another:
            for connection in (one, another):
                assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
                assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL: less loses what was reported"


def test_what_an_index_missed_is_found_without_reading_the_rest(tmp_path: Path) -> None:
    def steps(database: Database) -> int:
        """Return the number of SQLite's steps to read the last changes."""
        with database.snapshot() as now:
            counted = itertools.count()
            assert isinstance(now._connection, sqlite3.Connection)
            now._connection.set_progress_handler(lambda: next(counted) < 0, 1)
            (key,) = now.keys_after(now.generation - 1)
            assert now.keys_added_since(now.generation - 1).tolist() == [key]
            assert len(now.vectors_of(np.array([key]), 4)) == 1
            assert len([*now.indexed_passages(key, key)]) == 1
            assert now.keys_removed_since(now.generation - 1) == []
            now._connection.set_progress_handler(None, 1)
            return next(counted)

    with Database(tmp_path / "db", "encoder") as database:
        taken = {}
        for number in range(1, 101):
            put(database, Article.create("One. Two.", path=str(number)))
            taken[number] = steps(database) if number in (10, 100) else 0
    assert taken[100] < 2 * taken[10]


@pytest.mark.parametrize(
    "content", [b"This is a text.\n" * 200, b"SQLite format 3\x00" + bytes(4080)], ids=["text", "zeros"]
)
def test_a_file_that_is_not_a_database_is_refused_and_not_changed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "db").write_bytes(content)

    with pytest.raises(LibraryUnreadable) as caught:
        Database(tmp_path / "db", "encoder")

    assert "backup" in caught.value.hint
    assert (tmp_path / "db").read_bytes() == content


def test_the_database_of_another_program_is_refused_and_not_changed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / "db").read_bytes()

    with pytest.raises(LibraryUnreadable, match="another program"):
        Database(tmp_path / "db", "encoder")

    assert (tmp_path / "db").read_bytes() == before


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    Database(tmp_path / "db", "encoder").close()
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(LibraryMismatch, match="newer version"):
        Database(tmp_path / "db", "encoder")


def count_articles(database: Database) -> int:
    with database.snapshot() as now:
        return len(now.articles(99))


def test_a_damaged_page_is_reported_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "db"
    with Database(path, "encoder") as database:
        for number in range(50):
            put(database, Article.create(f"{number} " * 500), (0, 9))
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 64] = bytes(64)
    path.write_bytes(data)

    with pytest.raises(LibraryUnreadable, match="damaged"), Database(path, "encoder") as damaged:
        count_articles(damaged)


def test_a_folder_in_the_place_of_the_database_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="permissions"):
        Database(tmp_path, "encoder")
