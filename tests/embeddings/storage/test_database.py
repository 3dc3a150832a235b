import itertools
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import LibraryError, LibraryMismatch, LibraryUnreadable
from embeddings.filters import Filters
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


def test_an_article_is_equal_after_it_was_stored(tmp_path: Path) -> None:
    article = Article.create(
        "One.\n\nTwo.\x00Three 😀",
        title="Ti\x00tle 😀",
        url="https://example.org/a",
        source="Reuters",
        published=date(2015, 2, 28),
        language="en",
        sections=(6,),
        metadata={"n": 1, "nested": {"list": [1.5, None, "😀"]}},
    )
    with Database(tmp_path / "db", "encoder") as database:
        put(database, article)
    with Database(tmp_path / "db", "encoder") as database, database.snapshot() as now:
        assert now.article(article.id) == article


@settings(max_examples=30)
@given(st.text().filter(lambda text: any(map(str.isalnum, text))))
def test_any_text_is_equal_after_it_was_stored(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    article = Article.create(text)
    with Database(tmp_path_factory.mktemp("any") / "db", "encoder") as database:
        put(database, article)
        with database.snapshot() as now:
            assert now.article(article.id) == article


def test_every_commit_is_flushed_to_the_disk_before_it_is_reported(tmp_path: Path) -> None:
    with Database(tmp_path / "db", "encoder") as database:
        put(database, Article.create("One."))
        with database._connection() as one, database._connection() as another:
            for connection in (one, another):
                assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
                assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL: less loses what was reported"


def test_keys_are_never_reused(tmp_path: Path) -> None:
    article = Article.create("One. Two.", path="a")
    with Database(tmp_path / "db", "encoder") as database:
        put(database, article, (0, 4), (5, 9))
        put(database, article, (0, 9))
        with database.transaction() as change:
            change.delete(article.id)
        put(database, article)
        with database.snapshot() as now:
            assert [passage.key for passage in now.passages(article.id)] == [4]
            assert sorted(now.keys_removed_since(0)) == [1, 2, 3]
            assert sorted(now.keys_removed_since(2)) == [3]


def test_a_replaced_article_keeps_its_position(tmp_path: Path) -> None:
    first, second = Article.create("First.", path="1"), Article.create("Second.", path="2")
    with Database(tmp_path / "db", "encoder") as database:
        assert [put(database, article) for article in (first, second, first)] == [False, False, True]
        with database.snapshot() as now:
            assert [article.id for _, article in now.articles(9)] == [first.id, second.id]


def test_a_failed_transaction_leaves_everything_as_it_was(tmp_path: Path) -> None:
    article = Article.create("One.", path="a")
    with Database(tmp_path / "db", "encoder") as database:
        put(database, article)
        with pytest.raises(IndexError), database.transaction() as change:
            change.put(Article.create("Two.", path="a"), [*passages((0, 4)), passages()[0]])
        with database.snapshot() as now:
            assert (now.generation, now.article(article.id), now.count_passages()) == (1, article, 1)


def test_a_snapshot_does_not_see_later_writes_and_does_not_block_them(tmp_path: Path) -> None:
    with Database(tmp_path / "db", "encoder") as database, database.snapshot() as before:
        writer = threading.Thread(target=put, args=(database, Article.create("One.")))
        writer.start()
        writer.join(timeout=5)
        assert not writer.is_alive()
        assert before.count_passages() == 0
        with database.snapshot() as after:
            assert after.count_passages() == 1


def test_changes_since_a_generation_are_what_an_index_missed(tmp_path: Path) -> None:
    a, b = Article.create("One. Two.", path="a"), Article.create("Three.", path="b")
    with Database(tmp_path / "db", "encoder") as database:
        put(database, a, (0, 4), (5, 9))
        put(database, b)
        put(database, a, (0, 9))
        with database.snapshot() as now:
            keys, vectors = now.vectors_added_since(1, 4)
            assert keys.tolist() == [3, 4]
            assert vectors.shape == (2, 4)
            assert [one[:4] for one in now.indexed_passages(2, 9)] == [
                (3, "Three.", b.title, b.id),
                (4, "One. Two.", a.title, a.id),
            ]
            assert now.keys_after(3) == [4]


def test_what_an_index_missed_is_found_without_reading_the_rest(tmp_path: Path) -> None:
    def steps(database: Database) -> int:
        """Return the number of SQLite's steps to read the last changes."""
        with database.snapshot() as now:
            counted = itertools.count()
            now._connection.set_progress_handler(lambda: next(counted) < 0, 1)
            assert [len(part) for part in now.vectors_added_since(now.generation - 1, 4)] == [1, 1]
            (key,) = now.keys_after(now.generation - 1)
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


def test_vectors_are_found_by_the_digest_of_the_encoded_text(tmp_path: Path) -> None:
    with Database(tmp_path / "db", "encoder") as database:
        put(database, Article.create("One. Two."), (0, 4), (5, 9))
        with database.snapshot() as now:
            known = now.vectors_by_digest([bytes([0, 4]) * 16, b"unknown"], 4)
            assert {digest: vector.tolist() for digest, vector in known.items()} == {bytes([0, 4]) * 16: [0.5] * 4}


def test_filters_choose_passages_by_their_article(tmp_path: Path) -> None:
    a = Article.create("A.", source="Reuters", published=date(2015, 2, 28))
    b = Article.create("B.", source="AP", published=date(2015, 3, 1))
    c = Article.create("C.")
    with Database(tmp_path / "db", "encoder") as database:
        for article in (a, b, c):
            put(database, article)
        with database.snapshot() as now:
            for filters, expected in (
                (Filters(), [1, 2, 3]),
                (Filters(article_ids=(a.id, c.id, "unknown")), [1, 3]),
                (Filters(article_ids=()), []),
                (Filters(sources=("AP",)), [2]),
                (Filters(published_after=date(2015, 3, 1)), [2]),
                (Filters(published_before=date(2015, 3, 1)), [1, 2]),
                (Filters(sources=("AP",), published_before=date(2015, 2, 28)), []),
            ):
                assert now.keys_matching(filters).tolist() == expected, filters


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


def test_concurrent_creators_create_one_library(tmp_path: Path) -> None:
    identities = set()

    def make() -> None:
        with Database(tmp_path / "db", "encoder") as database, database.snapshot() as now:
            identities.add(now.library)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(identities) == 1
