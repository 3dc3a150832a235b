"""Which article is meant by an id, a title or a file."""

from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.sources.article_reference import find_article
from embeddings.errors import ArticleNotFound, InvalidInput
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

TITLES = ["A bridge for the town", "A bridge for the town again", "A ferry", "a FERRY", "The mayor"]


@pytest.fixture
def library(tmp_path: Path, encoder: HashedWords) -> Library:
    library = Library.open(tmp_path / "library", encoder)
    list(library.add(Article.create(f"It opened: {title}.", title=title, path=title) for title in TITLES))
    return library


@pytest.mark.parametrize(
    ("reference", "title"), [("a bridge for the  town", TITLES[0]), ("bridge again", TITLES[1]), ("mayor", TITLES[4])]
)
def test_a_title_is_meant_in_full_or_by_words_that_only_it_has(library: Library, reference: str, title: str) -> None:
    found = find_article(reference, library, Settings())
    assert found.title == title
    assert find_article(found.id, library, Settings()) == found


@pytest.mark.parametrize("reference", ["", "  ", "harbour", "x" * 5_000, "a\0b"])
def test_what_is_no_article_is_not_found(library: Library, reference: str) -> None:
    with pytest.raises(ArticleNotFound):
        find_article(reference, library, Settings())


def test_a_title_of_several_articles_is_refused_with_their_ids(library: Library) -> None:
    with pytest.raises(InvalidInput, match=r"several articles.*\(A ferry\).*\(a FERRY\)"):
        find_article("a ferry", library, Settings())


def test_a_file_is_read_and_not_added(library: Library, tmp_path: Path) -> None:
    (tmp_path / "mayor.md").write_text("---\ntitle: Another\n---\nIt closed.", "utf-8")
    found = find_article(str(tmp_path / "mayor.md"), library, Settings())
    assert isinstance(found, Article)
    assert (found.title, found.text) == ("Another", "It closed.")
    with pytest.raises(ArticleNotFound):
        library.entry(found.id)
