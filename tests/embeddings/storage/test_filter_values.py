from pathlib import Path

from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords


def test_unknown_values_come_with_the_nearest_names_of_their_field(tmp_path: Path) -> None:
    with Library.open(tmp_path, HashedWords()) as library:
        assert library.unknown_filter_values(Filters(sources=("Reuters",))) == [], "an empty library knows nothing"
        articles = [Article.create(f"{name} wrote.", title=f"By {name}", source=name) for name in ("Reuters", "AP")]
        list(library.add([*articles, Article.create("Nobody wrote.")]))
        assert library.unknown_filter_values(None) == []
        assert library.unknown_filter_values(Filters(sources=("AP",), article_ids=(articles[0].id,))) == []
        (found,) = library.unknown_filter_values(Filters(sources=("reuter", "AP", "reuter")))
        assert (found.field, found.values, found.nearest[0], found.is_whole) == (
            "sources",
            ("reuter",),
            "Reuters",
            False,
        )
        (found,) = library.unknown_filter_values(Filters(article_ids=("by ap",)))
        assert (found.nearest[0], found.is_whole) == ("By AP", True)
