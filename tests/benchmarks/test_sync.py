"""What the benchmark of syncs measures, with two hundred small articles."""

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.sync import measure
from embeddings.text.article import Article
from tests.hashed_words import HashedWords


def articles() -> Iterator[Article]:
    choose = random.Random(2026)
    words = ["".join(choose.choices("aeioulmnrst", k=6)) for _ in range(2_000)]
    for number in range(200):
        text = " ".join(" ".join(choose.choices(words, k=9)).capitalize() + "." for _ in range(8))
        yield Article.create(text, title=f"Story {number}", path=f"{number}")


def test_a_sync_counts_rightly_embeds_only_what_changed_and_leaves_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    figures = measure(tmp_path, articles(), HashedWords(), 5)
    assert figures.first.outcomes == {"added": 205}
    assert (figures.second.outcomes, figures.second.embedded) == ({"unchanged": 205}, 0)
    assert figures.changed.outcomes == {"replaced": 20, "unchanged": 175, "removed": 10}
    assert 0 < figures.changed.embedded == figures.new_passages < figures.passages / 2
    assert (figures.copies, figures.copies_named, figures.others_named) == (5, 5, 0)
    assert (figures.deleted, figures.deleted_found) == (10, 0)
    deleted = [article.text[:40].encode() for article in list(articles())[1::20]]
    files = [file.read_bytes() for file in (tmp_path / "library").rglob("*") if file.is_file()]
    assert not any(text in content for text in deleted for content in files)
