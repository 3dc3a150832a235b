"""A library of every earlier version is migrated with all of its content."""

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest

from embeddings.errors import LibraryUnreadable
from embeddings.library import Library
from embeddings.storage import migrations
from embeddings.storage.database import Database
from embeddings.storage.schema import CODE, VERSION
from embeddings.text.article import Article
from embeddings.text.chunking import chunk
from tests.hashed_words import HashedWords

DATA = Path(__file__).parent / "data"
OLD = sorted(DATA.glob("version-*.sql"))  # each made by the last program that wrote that version


def restored(version: Path, folder: Path) -> Path:
    """The folder of a library with a database of an earlier version."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.executescript(version.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return folder


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return restored(request.param, tmp_path / "library")


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path / "library.db")) as connection:
        return connection.execute(sql).fetchall()


def test_there_is_a_library_of_every_earlier_version() -> None:
    assert [path.stem for path in OLD] == [f"version-{number}" for number in range(1, VERSION)]


def test_a_migration_keeps_everything_and_encodes_nothing(tmp_path: Path) -> None:
    old, encoder = restored(DATA / "version-1.sql", tmp_path / "library"), HashedWords()
    articles = rows(old, "SELECT id, revision, text, url, source, published, metadata FROM articles ORDER BY seq")
    passages = rows(old, 'SELECT key, start, "end", vector FROM passages ORDER BY key')

    with Library.open(old, encoder, create=False) as library:
        kept = library.articles()[0]
        assert [(one.id, one.revision, one.text, one.url, one.source) for one in kept] == [row[:5] for row in articles]
        assert library.search("Lavrov", 1)[0].article == kept[0].entry
        assert all(ok for _, ok, _ in library.check())
        assert encoder.encoded == ["Lavrov"]

    assert rows(old, 'SELECT key, start, "end", vector FROM passages ORDER BY key') == passages


def test_passages_have_the_sentences_that_they_would_have_if_they_were_added_today(old: Path) -> None:
    encoder = HashedWords()
    with Library.open(old, encoder) as library:
        for article in library.articles()[0]:
            spans, sentences, _ = chunk(article, encoder)
            new = dict(zip(spans, sentences, strict=True))
            for passage in library.passages(article.id):  # a passage that lost the headline is shorter than a new one
                assert set(passage.sentences) <= set(chain(*sentences))
                assert list(passage.sentences) == new.get(passage.span, list(passage.sentences))


def test_headlines_are_cut_from_the_texts_of_version_2_and_headings_from_what_may_be_cited(tmp_path: Path) -> None:
    old, encoder = restored(DATA / "version-2.sql", tmp_path / "library"), HashedWords()
    with Library.open(old, encoder, create=False) as library:
        plain, page, sentence, long, _ = library.articles()[0]
        assert [one.title for one in (plain, page, sentence)] == ["Bridge opens", "Bridge opens", "It is open."]
        assert [one.text.split(" ")[0] for one in (plain, page, sentence, long)] == ["The", "The", "It", "A"]
        assert [page.text[offset:].split("\n")[0] for offset in page.sections] == ["Cost", "Tolls", "Trains"]
        quoted = {
            span.cut(article.text)
            for article in (plain, page, sentence, long)
            for passage in library.passages(article.id)
            for span in passage.sentences
        }
        assert quoted.isdisjoint({"Bridge opens", "Cost", "Tolls", "Trains"})
        assert {"It is open.", "It cost 40 million.", "Nobody said why."} <= quoted
        assert all(ok for _, ok, _ in library.check())
        assert {hit.article.title for hit in library.search("Bridge opens", 2)} == {"Bridge opens"}
        assert encoder.encoded == ["Bridge opens"]


def test_migrated_tables_are_those_of_a_new_library(old: Path, tmp_path: Path) -> None:
    Library.open(old, HashedWords()).close()
    Library.open(tmp_path / "new", HashedWords()).close()
    columns = (
        "SELECT m.type, m.name, c.name, c.type, c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
        " WHERE m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.name"
    )
    assert rows(old, columns) == rows(tmp_path / "new", columns)


def test_an_article_that_is_added_again_keeps_its_id(old: Path) -> None:
    with Library.open(old, HashedWords()) as library:
        before = library.articles()[0]
        for article in before:
            again = Article.create(
                f"{article.text} Edited.",
                url=article.url,
                path={"Long": "long.txt"}.get(article.title),
                title=article.title,
            )
            if article.url or article.title == "Long":
                (outcome,) = library.add([again])
                assert (outcome.status, outcome.article_id) == ("replaced", article.id)
        assert [one.id for one in library.articles()[0]] == [one.id for one in before]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/story",
        "https://example.org/story?ref=back",
        "https://example.org/app#/a",
        "https://example.org/app",
    ],
)
def test_a_page_that_shared_an_id_with_another_gets_its_own(old: Path, url: str) -> None:
    with Library.open(old, HashedWords()) as library:
        before = library.articles()[0]
        page = Article.create("Another page.", url=url)

        assert [outcome.status for outcome in library.add([page])] == ["added"]
        assert library.articles()[0][:-1] == before
        (outcome,) = library.add([page.model_copy(update={"url": f"{url}{'?' if '#' not in url else ''}"})])
        assert outcome.article_id == library.articles()[0][-1].id


def test_an_interrupted_migration_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(old, "SELECT * FROM articles")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "CODE", (*CODE, "SELECT nothing"))
        with pytest.raises(LibraryUnreadable, match="nothing"):
            Library.open(old, HashedWords())
    assert rows(old, "SELECT * FROM articles") == before

    with Library.open(old, HashedWords()) as library:
        assert len(library.articles()[0]) == len(before)


def test_concurrent_openers_migrate_once(old: Path) -> None:
    articles = len(rows(old, "SELECT id FROM articles"))
    with Database(old / "library.db", "any"), Database(old / "library.db", "any") as second, second.snapshot() as now:
        assert now.counts()[0] == articles
