"""What the database of a library promises, whichever engine keeps it; the tests of each engine inherit it."""

import threading
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.errors import ArticleNotFound
from embeddings.filters import Filters
from embeddings.storage.engine import Engine
from embeddings.storage.filter_values import unknown_values
from embeddings.storage.origins import known_articles, record_origin, release
from embeddings.text.article import Article, Origin, Span
from embeddings.text.passage import EncodedPassage

Open = Callable[[], Engine]  # opens the same database each time


def passages(*spans: tuple[int, int]) -> list[EncodedPassage]:
    return [
        EncodedPassage(Span(start=start, end=end), bytes([start, end]) * 16, np.full(4, 0.5, np.float32))
        for start, end in spans
    ]


def put(database: Engine, article: Article, *spans: tuple[int, int]) -> bool:
    with database.transaction() as change:
        return change.put(article, passages(*spans or [(0, len(article.text))]))


# The subclasses share the function, and all examples of a test the database.
_any = settings(
    max_examples=30, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.function_scoped_fixture]
)


_names = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1
)  # SQLite's JSON ends at NUL


class DatabaseContract:
    """Tests for a subclass with the fixture ``opened``."""

    def test_an_article_is_equal_after_it_was_stored(self, opened: Open) -> None:
        article = Article.create(
            "One.\n\nTwo.\x00Three 😀",
            title="Ti\x00tle 😀",
            url="https://example.org/a",
            source="Reuters",
            published=date(2015, 2, 28),
            language="en",
            sections=(6,),
            lists=(Span(start=0, end=4), Span(start=6, end=12)),
            code=(Span(start=1, end=2), Span(start=7, end=9)),
            metadata={"n": 1, "nested": {"list": [1.5, None, "😀"]}},
        )
        with opened() as database:
            put(database, article)
        with opened() as database, database.snapshot() as now:
            assert now.article(article.id) == article
            excerpt = now.excerpt(article.id, Span(start=4, end=8))
            assert excerpt is not None
            assert (excerpt.lists, excerpt.code) == (article.lists[1:], article.code[1:])

    @pytest.mark.parametrize("known", ["lists", "code"])
    def test_an_article_whose_lists_or_code_are_known_now_has_changed(self, opened: Open, known: str) -> None:
        before = Article.create("One.\n\nTwo.", path="a")
        after = before.model_copy(update={known: (Span(start=0, end=10),)})
        with opened() as database:
            put(database, before)
            with database.snapshot() as now:
                assert now.find_unchanged(before)
                assert not now.find_unchanged(after)

    @_any
    @given(st.text().filter(lambda text: any(map(str.isalnum, text))))
    def test_any_text_is_equal_after_it_was_stored(self, opened: Open, text: str) -> None:
        article = Article.create(text)
        with opened() as database:
            put(database, article)
            with database.snapshot() as now:
                assert now.article(article.id) == article

    def test_keys_are_never_reused(self, opened: Open) -> None:
        article = Article.create("One. Two.", path="a")
        with opened() as database:
            put(database, article, (0, 4), (5, 9))
            put(database, article, (0, 9))
            with database.transaction() as change:
                change.delete(article.id)
            put(database, article)
            with database.snapshot() as now:
                assert [passage.key for passage in now.passages(article.id)] == [4]
                assert sorted(now.keys_removed_since(0)) == [1, 2, 3]
                assert sorted(now.keys_removed_since(2)) == [3]

    def test_a_replaced_article_keeps_its_position(self, opened: Open) -> None:
        first, second = Article.create("First.", path="1"), Article.create("Second.", path="2")
        with opened() as database:
            assert [put(database, article) for article in (first, second, first)] == [False, False, True]
            with database.snapshot() as now:
                assert [article.id for _, article in now.articles(9)] == [first.id, second.id]

    def test_a_failed_transaction_leaves_everything_as_it_was(self, opened: Open) -> None:
        article = Article.create("One.", path="a")
        with opened() as database:
            put(database, article)
            with pytest.raises(IndexError), database.transaction() as change:
                change.put(Article.create("Two.", path="a"), [*passages((0, 4)), passages()[0]])
            with database.snapshot() as now:
                assert (now.generation, now.article(article.id), now.count_passages()) == (1, article, 1)

    def test_a_snapshot_does_not_see_later_writes_and_does_not_block_them(self, opened: Open) -> None:
        with opened() as database, database.snapshot() as before:
            writer = threading.Thread(target=put, args=(database, Article.create("One.")))
            writer.start()
            writer.join(timeout=5)
            assert not writer.is_alive()
            assert before.count_passages() == 0
            with database.snapshot() as after:
                assert after.count_passages() == 1

    def test_changes_since_a_generation_are_what_an_index_missed(self, opened: Open) -> None:
        a, b = Article.create("One. Two.", path="a"), Article.create("Three.", path="b")
        with opened() as database:
            put(database, a, (0, 4), (5, 9))
            put(database, b)
            put(database, a, (0, 9))
            with database.snapshot() as now:
                keys = now.keys_added_since(1)
                assert keys.tolist() == [3, 4]
                assert now.vectors_of(keys, 4).shape == (2, 4)
                assert [one[:4] for one in now.indexed_passages(2, 9)] == [
                    (3, "Three.", b.title, b.id),
                    (4, "One. Two.", a.title, a.id),
                ]
                assert now.keys_after(3) == [4]

    def test_vectors_are_found_by_the_digest_of_the_encoded_text(self, opened: Open) -> None:
        with opened() as database:
            put(database, Article.create("One. Two."), (0, 4), (5, 9))
            with database.snapshot() as now:
                known = now.vectors_by_digest([bytes([0, 4]) * 16, b"unknown"], 4)
                assert {digest: vector.tolist() for digest, vector in known.items()} == {bytes([0, 4]) * 16: [0.5] * 4}

    def test_filters_choose_passages_by_their_article(self, opened: Open) -> None:
        a = Article.create("A.", source="Reuters", published=date(2015, 2, 28))
        b = Article.create("B.", source="AP", published=date(2015, 3, 1))
        c = Article.create("C.")
        with opened() as database:
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

    def test_concurrent_creators_create_one_library(self, opened: Open) -> None:
        identities = set()

        def make() -> None:
            with opened() as database, database.snapshot() as now:
                identities.add(now.library)

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(identities) == 1

    @_any
    @given(_names, _names)
    def test_a_filter_finds_any_name(self, opened: Open, source: str, author: str) -> None:
        article = Article.create("One.", source=source, authors=(author,))
        with opened() as database:
            put(database, article)
            with database.snapshot() as now:
                stored = now.article(article.id)
                assert stored
                kept = Filters(sources=(stored.source or "",), authors=stored.authors)
                assert len(now.keys_matching(kept)) == 1
                assert [*unknown_values(now, kept)] == []
            with database.transaction() as change:
                change.delete(article.id)

    def test_unknown_values_come_with_the_nearest(self, opened: Open) -> None:
        with opened() as database:
            put(database, Article.create("One.", source="Reuters", authors=("Ann Lee",)))
            with database.snapshot() as now:
                (unknown,) = unknown_values(now, Filters(sources=("Reuter",), authors=("Ann Lee",)))
            assert (unknown.field, unknown.nearest) == ("sources", ("Reuters",))

    def test_an_article_that_would_not_change_is_found(self, opened: Open) -> None:
        kept = Article.create("One.", title="T", path="a")
        page = Article.create("Two.", url="https://example.org/" + "long/" * 700)
        with opened() as database:
            for article in (kept, page):
                put(database, article)
            with database.snapshot() as now:
                for same in (kept, page, Article.create("One.", title="T", path="b")):
                    assert now.find_unchanged(same)
                assert now.find_unchanged(Article.create("One.", title="Other", path="b")) is None
                assert now.with_stored_id(page) == page
                assert now.existing(np.array([1, 2, 3])).tolist() == [True, True, False]
                assert set(now.passages_with_excerpts([2, 9])) == {2}
                newest = [one.article.id for _, one in now.summaries(9, newest_first=True)]
                assert newest == [page.id, kept.id]

    def test_a_removal_of_what_is_not_there_changes_nothing(self, opened: Open) -> None:
        with opened() as database:
            put(database, Article.create("One."))
            with pytest.raises(ArticleNotFound), database.transaction() as change:
                change.delete("unknown")
            with database.snapshot() as now:
                assert (now.generation, now.count_passages()) == (1, 1)

    def test_writers_that_write_at_once_follow_each_other(self, opened: Open) -> None:
        with opened() as one, opened() as other:
            writers = [
                threading.Thread(target=put, args=(database, Article.create("One.", path=str(number))))
                for number in range(6)
                for database in (one, other)
            ]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            with other.snapshot() as now:
                assert (now.generation, now.counts()) == (12, (6, 6))
                assert len(now.keys_removed_since(0)) == 6
                assert now.descends_from(now.state)

    def test_what_computed_vectors_is_recorded_once_and_forgotten_with_the_encoder(self, opened: Open) -> None:
        with opened() as database, database.transaction() as change:
            change.record_runtime("OpenVINO, bf16")
            change.record_runtime("OpenVINO, bf16")
            change.record_runtime("torch")
            assert change.runtimes() == ["OpenVINO, bf16", "torch"]
            change.change_encoder("other")
            assert change.runtimes() == []

    def test_articles_are_marked_until_they_are_embedded_again(self, opened: Open) -> None:
        article = Article.create("One.")
        with opened() as database:
            put(database, article)
            with database.transaction() as change:
                change.change_encoder("other")
                change.change_encoder("other")
                change.delete_orphans()
                assert change.pending() == [article.id]
            put(database, article)
            with database.snapshot() as now:
                assert (now.pending(), now.encoder) == ([], "other")

    def test_an_article_that_two_syncs_found_stays_until_both_lost_it(self, opened: Open) -> None:
        article = Article.create("One.", path="a")
        with opened() as database:
            put(database, article)
            with database.transaction() as change:
                for source, owned in (("x", True), ("y", False)):
                    record_origin(change, article.id, Origin(source, "a", "1"), owned=owned)
                assert release(change, "x", [("a", article.id)]) == []
                assert [known.owned for known in known_articles(change, "y")] == [True]
                assert release(change, "y", [("a", article.id)]) == [article.id]
