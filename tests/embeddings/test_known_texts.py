"""What encodes elsewhere for a library."""

from pathlib import Path

from embeddings.ingest import chunk_article, encode_new
from embeddings.known_texts import KnownTexts
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

STORED = Article.create("It opened in May.", title="Bridge", path="a")
CHANGED = Article.create("It opened in May.", title="Bridge", path="a", source="The Post")
NEW = Article.create("It closed in June.", title="Tunnel", path="b")


def test_known_are_the_articles_and_texts_that_the_library_has_now(tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(tmp_path, encoder) as library:
        known = KnownTexts(tmp_path, HashedWords)
        digests = [digest for article in (STORED, NEW) for digest in chunk_article(article, encoder).digests]
        assert known.unchanged([STORED, NEW]) == [False, False]
        list(library.add([STORED]))
        assert known.unchanged([STORED, CHANGED, NEW]) == [True, False, False]
        assert known.encoded(digests) == set(digests[:1])


def test_what_was_encoded_elsewhere_is_stored_as_if_it_had_been_here(tmp_path: Path, encoder: HashedWords) -> None:
    chunked = chunk_article(NEW, encoder)
    elsewhere = chunked._replace(vectors=encode_new([chunked], HashedWords(), ()))
    with Library.open(tmp_path, encoder) as library:
        assert [one.status for one in library.add([elsewhere, STORED, elsewhere])] == ["added", "added", "unchanged"]
        assert encoder.encoded == list(chunk_article(STORED, encoder).texts)
        assert [hit.article.id for hit in library.search("closed June", 1)] == [NEW.id]
