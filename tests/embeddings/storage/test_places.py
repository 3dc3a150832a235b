"""Articles that were read from pages: their boxes and files in the library."""

from pathlib import Path

import pytest

from embeddings.errors import ArticleNotFound
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.text.article import Article, Span
from embeddings.text.page_map import Box, PageMap, PlacedWord
from tests.hashed_words import HashedWords

SENTENCE = "The bridge opened. "  # long enough together for several pieces of text
TEXT = (SENTENCE * 600).strip()


def places(top: float = 0) -> PageMap:
    found, at = [], 0
    for number, word in enumerate(TEXT.split(" ")):
        page, left = 1 + number // 500, 7.0 * (number % 500)
        found.append(PlacedWord(at, at + len(word), Box(page, left, top, left + 6, top + 12)))
        at += len(word) + 1
    return PageMap.of(found)


def article(top: float = 0, original: bytes = b"%PDF-1.4") -> Article:
    return Article.create(
        TEXT, path="a.pdf", title="Bridge", authors=["Ada Beam"], pages=places(top), original=original
    )


@pytest.fixture
def library(tmp_path: Path, encoder: HashedWords) -> Library:
    library = Library.open(tmp_path / "library", encoder)
    list(library.add([article()]))
    return library


@pytest.mark.parametrize("start", [0, 19, 4_085, 4_090, 4_096, 8_190, 11_390])
def test_an_excerpt_has_the_boxes_that_the_whole_article_has(library: Library, start: int) -> None:
    span = Span(start=start, end=min(start + 30, len(TEXT)))
    excerpt = library.excerpt(article().id, span)
    assert excerpt == article().excerpt(span)
    assert excerpt.boxes


def test_the_article_comes_back_with_its_places_and_without_its_file(library: Library) -> None:
    stored = library.get(article().id)
    assert stored == article(original=b"").model_copy(update={"original": None})
    assert stored.authors == ("Ada Beam",)
    assert library.original(stored.id) == b"%PDF-1.4"


def test_an_article_from_text_has_neither(library: Library) -> None:
    text = Article.create("The tunnel opened.", path="b.txt")
    list(library.add([text]))
    assert library.excerpt(text.id, Span(start=0, end=3)).boxes == ()
    assert library.original(text.id) is None
    with pytest.raises(ArticleNotFound):
        library.original("0000000000000000")


def test_the_same_text_in_other_places_replaces_the_article_and_encodes_nothing(
    library: Library, encoder: HashedWords
) -> None:
    encoded = len(encoder.encoded)
    assert [outcome.status for outcome in library.add([article()])] == ["unchanged"]
    assert [outcome.status for outcome in library.add([article(30, b"%PDF-1.5")])] == ["replaced"]
    assert library.excerpt(article().id, Span(start=0, end=3)).boxes == (Box(1, 0, 30, 6, 42),)
    assert library.original(article().id) == b"%PDF-1.5"
    assert len(encoder.encoded) == encoded
    assert all(ok for _, ok, _ in library.check())


def test_an_author_filters_the_search(library: Library) -> None:
    list(library.add([Article.create("The bridge closed.", path="c.txt", authors=["Bert Span", "Cy Pile"])]))
    for name, found in (("Ada Beam", {"Bridge"}), ("Cy Pile", {"The bridge closed."}), ("Ada", set())):
        assert {hit.article.title for hit in library.search("bridge", 50, Filters(authors=(name,)))} == found


def test_an_unknown_author_is_told_with_the_nearest(library: Library) -> None:
    (unknown,) = library.unknown_filter_values(Filters(authors=("Ada Been",)))
    assert (unknown.field, unknown.nearest, unknown.is_whole) == ("authors", ("Ada Beam",), True)


def test_authors_are_found_in_the_list(library: Library) -> None:
    assert [one.article.title for one in library.entries(query="ada beam")[0]] == ["Bridge"]
