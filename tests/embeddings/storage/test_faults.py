"""The faults of a damaged database are named, and what is derived from its texts is repaired."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from embeddings.errors import LibraryUnreadable
from embeddings.library import Library
from embeddings.maintenance import diagnose, repair
from embeddings.retrieval.index_files import delete_indexes
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

DERIVED = {
    "a vector of one byte": ("UPDATE passages SET vector = x'00' WHERE key = 2", "passage 2: its vector has 1 bytes"),
    "a vector that is a number": ("UPDATE passages SET vector = 5 WHERE key = 2", "its vector has no bytes"),
    "a vector that is none": ("UPDATE passages SET vector = zeroblob(128)", "not have unit length"),
    "a digest that is none": (
        "UPDATE passages SET digest = x'' WHERE key = 1",
        "its digest is not a SHA-256",
    ),
    "a passage outside its text": ('UPDATE passages SET start = 900, "end" = 901 WHERE key = 1', "900–901 is not"),
    "a place that is a word": ("UPDATE passages SET start = 'here' WHERE key = 1", "here–"),
    "sentences that are none": ("UPDATE passages SET sentences = x'01' WHERE key = 1", "its sentences are not inside"),
    "no passages": ("DELETE FROM passages WHERE article = 1", "it has no passages"),
    "pieces with other counts": ("UPDATE pieces SET utf16 = 7", "not split correctly"),
    "another length": ("UPDATE articles SET characters = 7 WHERE seq = 1", "characters, but 7 are recorded"),
    "passages of no article": ("DELETE FROM articles WHERE seq = 1", "rows of passages belong to no article"),
    "no index": ("DROP INDEX passages_by_digest", "there is no index passages_by_digest"),
}
TOLD = {
    "metadata that is no JSON": ("UPDATE articles SET metadata = '{' WHERE seq = 1", "Expecting property name"),
    "metadata that is a list": ("UPDATE articles SET metadata = '[]' WHERE seq = 1", "metadata"),
    "a date that is none": ("UPDATE articles SET published = 'soon' WHERE seq = 1", "published"),
    "a title that is no text": ("UPDATE articles SET title = x'ff' WHERE seq = 1", "title"),
    "another text": ("UPDATE pieces SET text = 'Else.' WHERE article = 1", "its text is not that of its revision"),
    "a title that is no UTF-8": ("UPDATE articles SET title = CAST(x'ff' AS TEXT) WHERE seq = 1", "Could not decode"),
    "no column": ("ALTER TABLE articles DROP COLUMN language", "the table articles has no column language"),
    "no table": ("DROP TABLE pieces", "there is no table pieces"),
}


def articles() -> list[Article]:
    return [Article.create(f"Kerry spoke in Geneva on day {number}.", path=str(number)) for number in range(3)]


def damage(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path / "library.db")) as connection, connection:
        connection.execute(sql)


@pytest.fixture
def path(tmp_path: Path, encoder: HashedWords) -> Path:
    """A library's folder."""
    with Library.open(tmp_path / "library", encoder) as library:
        list(library.add(articles()))
    return tmp_path / "library"


def test_a_sound_library_has_no_faults(path: Path, encoder: HashedWords) -> None:
    assert diagnose(path, encoder) == []


@pytest.mark.parametrize(("sql", "named"), [*DERIVED.values(), *TOLD.values()], ids=[*DERIVED, *TOLD])
def test_each_fault_is_named(path: Path, encoder: HashedWords, sql: str, named: str) -> None:
    damage(path, sql)

    assert named in " ".join(diagnose(path, encoder))


@pytest.mark.parametrize(("sql", "named"), DERIVED.values(), ids=DERIVED)
def test_what_is_derived_from_the_texts_is_repaired(path: Path, encoder: HashedWords, sql: str, named: str) -> None:
    damage(path, sql)

    assert named in " ".join(repair(path, encoder))

    assert diagnose(path, encoder) == []
    with Library.open(path, encoder) as library:
        assert all(ok for _, ok, _ in library.check())
        left = articles()[1:] if "DELETE FROM articles" in sql else articles()
        assert library.articles()[0] == left
        assert {hit.article.id for hit in library.search("Kerry in Geneva", 9)} == {one.id for one in left}


@pytest.mark.parametrize(("sql", "named"), TOLD.values(), ids=TOLD)
def test_what_cannot_be_repaired_is_an_error_that_names_the_doctor(
    path: Path, encoder: HashedWords, sql: str, named: str
) -> None:
    damage(path, sql)
    with suppress(LibraryUnreadable):
        repair(path, encoder)

    assert named in " ".join(diagnose(path, encoder))
    delete_indexes(path)
    if "text" not in sql:
        with pytest.raises(LibraryUnreadable, match="doctor"), Library.open(path, encoder) as library:
            library.articles()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DELETE FROM meta", "does not say what the library is"),
        ("UPDATE meta SET generation = 'many'", "does not say what the library is"),
        ("UPDATE meta SET encoder = '{'", "names no encoder"),
    ],
)
def test_a_database_without_valid_metadata_is_an_error(path: Path, encoder: HashedWords, sql: str, named: str) -> None:
    damage(path, sql)

    with pytest.raises(LibraryUnreadable, match=named):
        Library.open(path, encoder)


def test_a_library_with_damaged_vectors_is_not_opened(path: Path, encoder: HashedWords) -> None:
    damage(path, "UPDATE passages SET vector = x'00'")
    (path / "vectors.faiss").unlink()

    with pytest.raises(LibraryUnreadable, match="doctor"):
        Library.open(path, encoder)
