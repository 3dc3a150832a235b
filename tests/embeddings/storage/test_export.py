"""Exports: a library as one file that carries its own checks."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.errors import LibraryError, LibraryMismatch, LibraryUnreadable
from embeddings.library import Library
from embeddings.maintenance import import_export
from embeddings.text.article import Article
from tests.hashed_words import HashedWords


def articles(*numbers: int) -> list[Article]:
    return [Article.create(f"Kerry spoke to Lavrov {number} times.", path=str(number)) for number in numbers]


@pytest.fixture
def export(tmp_path: Path, encoder: HashedWords) -> Path:
    with Library.open(tmp_path / "one", encoder) as library:
        ids = [outcome.article_id or "" for outcome in library.add(articles(1, 2, 3))]
        library.remove(ids[2])
        assert library.export(tmp_path / "copy")["articles"] == 2
    return tmp_path / "copy"


def test_an_import_is_the_same_library_and_nothing_is_encoded_again(
    export: Path, tmp_path: Path, encoder: HashedWords
) -> None:
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "one"]
    encoder.encoded.clear()
    import_export(tmp_path / "two", encoder, export)
    with Library.open(tmp_path / "one", encoder) as one, Library.open(tmp_path / "two", encoder) as two:
        assert (two.identity, two.state, two.articles()) == (one.identity, one.state, one.articles())
        assert encoder.encoded == []
        assert [hit.text for hit in two.search("Lavrov")] == [hit.text for hit in one.search("Lavrov")]
        assert all(ok for _, ok, _ in two.check()), two.check()
        list(two.add(articles(4)))
        assert len(one.articles()[0]) == 2


def test_an_export_is_one_state_while_others_write(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "one", encoder) as library:
        list(library.add(articles(0)))
        begun = threading.Event()

        def arriving() -> list[Article]:
            begun.set()
            return articles(*range(1, 40))

        writer = threading.Thread(target=lambda: list(library.add(arriving())))
        writer.start()
        begun.wait()
        counts = library.export(tmp_path / "copy")
        writer.join()
    import_export(tmp_path / "two", encoder, tmp_path / "copy")
    with Library.open(tmp_path / "two", encoder) as two:
        assert two.size()["articles"] == counts["articles"] == two.size()["generation"]


def test_an_export_replaces_no_file(export: Path, tmp_path: Path, encoder: HashedWords) -> None:
    before = export.read_bytes()
    with Library.open(tmp_path / "one", encoder) as library:
        for place in (export, tmp_path / "none" / "copy"):
            with pytest.raises(LibraryError, match="cannot be exported there"):
                library.export(place)
    assert export.read_bytes() == before


def test_an_import_into_a_library_with_articles_is_refused(export: Path, tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path / "two", encoder) as two:
        list(two.add(articles(7)))
    with pytest.raises(LibraryError, match="cannot be copied there"):
        import_export(tmp_path / "two", encoder, export)
    with Library.open(tmp_path / "two", encoder) as two:
        assert [one.text for one in two.articles()[0]] == ["Kerry spoke to Lavrov 7 times."]


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "another database", "a library's own database", "cut"])
def test_a_file_that_is_no_export_is_refused_and_makes_no_folder(
    export: Path, tmp_path: Path, encoder: HashedWords, kind: str
) -> None:
    file = tmp_path / "file"
    match kind:
        case "empty" | "text":
            file.write_text("It is not a library. " * 99 * (kind == "text"), "utf-8")
        case "another database":
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("CREATE TABLE articles (a)")
        case "a library's own database":
            file.write_bytes((tmp_path / "one" / "library.db").read_bytes())
        case "cut":
            file.write_bytes(export.read_bytes()[:-8192])
    with pytest.raises(LibraryUnreadable, match=r"not the export|damaged"):
        import_export(tmp_path / "two", encoder, file)
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET vector = zeroblob(128) WHERE key = 1",
        "UPDATE articles SET metadata = '{\"a\": 1}'",
        "UPDATE meta SET library = 'another'",
        "DELETE FROM removals",
        "UPDATE exported SET name = 'nothing' WHERE name = 'pieces'",
        "UPDATE exported SET columns = '(SELECT 1)' WHERE name = 'pieces'",
        "UPDATE exported SET rows = NULL",
    ],
)
def test_an_export_that_was_changed_is_refused(export: Path, tmp_path: Path, encoder: HashedWords, change: str) -> None:
    with closing(sqlite3.connect(export)) as connection, connection:
        connection.execute(change)
    with pytest.raises(LibraryUnreadable, match="export is damaged"):
        import_export(tmp_path / "two", encoder, export)


def test_an_export_of_another_encoder_or_of_a_newer_version_is_refused(
    export: Path, tmp_path: Path, encoder: HashedWords
) -> None:
    with pytest.raises(LibraryMismatch, match=r"another encoder.*ASSISTANT_ENCODER"):
        import_export(tmp_path / "two", HashedWords("another"), export)
    with closing(sqlite3.connect(export)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryMismatch, match="newer version"):
        import_export(tmp_path / "two", encoder, export)
    assert not (tmp_path / "two").exists()
