from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tantivy import Query

from embeddings.filters import Filters
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.bm25_schema import Boosts, filter_queries
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.storage.state import State
from embeddings.text.passage import IndexedPassage
from embeddings.text.terms import terms
from tests.embeddings.retrieval.index_contract import StoredIndexContract, WordIndexContract


def whole(
    key: int,
    text: str,
    *,
    title: str = "Untitled",
    source: str | None = None,
    day: date | None = None,
    authors: tuple[str, ...] = (),
) -> IndexedPassage:
    """Return the only passage of an article."""
    return IndexedPassage(key, text, title, f"article {key}", source, day, authors)


ARTICLES = [
    whole(1, "Kerry spoke to Lavrov on Tuesday.", title="Diplomacy", source="Reuters", day=date(2015, 3, 1)),
    whole(2, "Grain prices rose again.", title="Markets", source="Reuters, Ltd", day=date(2015, 3, 2)),
    whole(3, "Lavrov spoke of résumés AND of grain.", title="Kerry", source="AP", authors=("Ada Beam", "Cy Pile")),
]


def apply(
    words: Bm25Index, removed: Sequence[int], added: Sequence[IndexedPassage], state: State, *, erase: bool = False
) -> None:
    """Apply a change of a database that had ``ARTICLES`` before."""
    held = {one.key: one for one in (*ARTICLES, *added) if one.key not in removed}

    def read(first: int, last: int) -> list[IndexedPassage]:
        return [one for key, one in sorted(held.items()) if first <= key <= last]

    words.apply(removed, [one.key for one in added], read, state, erase=erase)


class TestWordsInMemory(WordIndexContract):
    def empty(self, path: Path) -> Bm25Index:
        return Bm25Index("library")

    def apply(self, index: Bm25Index, removed: Sequence[int], added: Sequence[int], state: State) -> None:
        def read(first: int, last: int) -> list[IndexedPassage]:
            return [whole(key, f"Grain {word(key)}.") for key in range(first, last + 1) if key not in removed]

        index.apply(removed, list(added), read, state)

    def query(self, key: int) -> str:
        return f"grain {word(key)}"

    def bounds(self, keys: Sequence[int]) -> list[Query]:
        return list(filter_queries(Filters(article_ids=tuple(f"article {key}" for key in keys))))


class TestWordsOnDisk(TestWordsInMemory, StoredIndexContract):
    def empty(self, path: Path) -> Bm25Index:
        return Bm25Index("library", path)

    def save(self, index: Bm25Index, path: Path, library: str) -> None:
        """Do nothing: ``apply`` has written it."""

    def load(self, path: Path, library: str) -> Bm25Index:
        return Bm25Index.load(library, path)


def word(key: int) -> str:
    """Return a word that is unique to a key."""
    return f"w{key}"


@pytest.fixture
def words() -> Bm25Index:
    words = Bm25Index("library")
    apply(words, [], ARTICLES, State(1, 9))
    return words


def test_passages_are_found_by_their_stems_best_first(words: Bm25Index) -> None:
    assert words.search("speaking of GRAINS", 10).tolist() == [3, 2]


def test_accents_and_unicode_forms_do_not_matter(words: Bm25Index) -> None:
    assert words.search("resume", 10).tolist() == [3]
    assert words.search("re\N{COMBINING ACUTE ACCENT}sume\N{COMBINING ACUTE ACCENT}", 10).tolist() == [3]
    assert words.search("Lav\N{SOFT HYPHEN}rov\N{ZERO WIDTH SPACE}", 10).tolist() == words.search("Lavrov", 10).tolist()


def test_a_title_counts_by_its_boost(words: Bm25Index) -> None:
    assert words.search("Kerry", 10, boosts=Boosts(body=1, title=0)).tolist() == [1]
    assert words.search("Kerry", 10, boosts=Boosts(body=1, title=5)).tolist() == [3, 1]


def test_by_default_a_title_is_searched_and_counts_half_of_a_text(words: Bm25Index) -> None:
    assert Boosts() == Boosts(body=1, title=0.5)
    assert words.search("Kerry", 10).tolist() == [1, 3]
    by_title, alone = (words.scores("Kerry", np.array([3]), boosts)[0] for boosts in (Boosts(), Boosts(title=1)))
    assert by_title == pytest.approx(alone / 2)
    assert alone > 0


@pytest.mark.parametrize("query", ['"', "grain AND", "title:grain", "(grain", "grain^9", "-grain", "*", "\\", "[1 TO"])
def test_a_query_has_no_syntax(words: Bm25Index, query: str) -> None:
    plain = "".join(character if character.isalnum() else " " for character in query)

    assert words.search(query, 10).tolist() == words.search(plain, 10).tolist()


@given(st.text())
def test_any_text_can_be_searched_for(query: str) -> None:
    words = Bm25Index("library")
    apply(words, [], ARTICLES, State(1, 9))

    assert set(words.search(query, 10).tolist()) <= {1, 2, 3}
    assert words.scores(query, np.array([1, 2, 3])).min() >= 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(sources=("Reuters",)), [1]),
        (Filters(sources=("reuters",)), []),
        (Filters(sources=("AP", "Reuters")), [1, 3]),
        (Filters(sources=()), []),
        (Filters(authors=("Cy Pile", "unknown")), [3]),
        (Filters(authors=("Ada",)), []),
        (Filters(article_ids=(ARTICLES[1].article_id, "unknown")), [2]),
        (Filters(published_after=date(2015, 3, 2)), [2]),
        (Filters(published_before=date(2015, 3, 1)), [1]),
        (Filters(published_after=date(2015, 3, 1), published_before=date(2015, 3, 2), sources=("AP", "Reuters")), [1]),
    ],
    ids=str,
)
def test_filters_restrict_the_search(words: Bm25Index, filters: Filters, expected: list[int]) -> None:
    query = "Lavrov grain"

    assert sorted(words.search(query, 10, list(filter_queries(filters))).tolist()) == expected


def test_scores_are_those_of_the_search_and_zero_without_a_common_word(words: Bm25Index) -> None:
    scores = words.scores("Lavrov spoke", np.array([2, 3, 999, 1]))

    assert scores[[0, 2]].tolist() == [0, 0]
    assert scores[3] > scores[1] > 0  # the shorter of two passages with the same words


def test_the_terms_of_a_query_are_each_there_once() -> None:
    assert terms("Who SPOKE, who?") == ["who", "spoke"]


def test_removed_passages_stay_in_the_files_until_they_are_erased(tmp_path: Path) -> None:
    words = Bm25Index("library", tmp_path)
    apply(words, [], ARTICLES, State(1, 9))
    apply(words, [1], [], State(2, 9))
    for one in (words, Bm25Index.load("library", tmp_path)):
        assert one.retains_removed
        assert (one.search("Lavrov", 10).tolist(), one.keys(), len(one)) == ([3], [2, 3], 2)
    scored = words.scores("Lavrov", np.array([3]))

    apply(words, [1], [], State(2, 9), erase=True)

    assert not words.retains_removed
    assert (words.search("Lavrov", 10).tolist(), words.keys(), len(words)) == ([3], [2, 3], 2)
    assert words.scores("Lavrov", np.array([3])) > scored  # a word that is rarer now


def test_a_refresh_opens_what_another_process_has_written(tmp_path: Path) -> None:
    words = Bm25Index("library", tmp_path)
    apply(words, [], ARTICLES[:1], State(1, 9))
    reader = Bm25Index.load("library", tmp_path)
    apply(words, [], ARTICLES[1:], State(2, 9))
    assert len(reader) == 1

    reader.refresh(lambda state: True)

    assert (reader.state.generation, len(reader)) == (2, 3)


def test_readers_follow_when_an_index_is_replaced(tmp_path: Path) -> None:
    apply(Bm25Index("library", tmp_path), [], ARTICLES[:1], State(1, 9))
    reader = Bm25Index.load("library", tmp_path)

    apply(Bm25Index("library", tmp_path), [], ARTICLES, State(2, 9))
    reader.refresh(lambda state: True)

    assert len(reader) == 3
    assert not Bm25Index.load("library", tmp_path).retains_removed


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b"[]", b'{"payload": 3}'])
def test_a_damaged_manifest_is_not_trusted(tmp_path: Path, content: bytes) -> None:
    apply(Bm25Index("library", tmp_path), [], ARTICLES, State(1, 9))
    (tmp_path / "meta.json").write_bytes(content)

    with pytest.raises(StaleIndex):
        Bm25Index.load("library", tmp_path)
