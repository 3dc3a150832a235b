"""A library that grows changes over to lists of vectors, and nothing else changes for whoever uses it."""

import threading
from pathlib import Path

import pytest

from embeddings.library import Library
from embeddings.retrieval import dense_updater
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index_files import delete
from embeddings.retrieval.vector_lists import Step
from tests.embeddings.test_library import article, results
from tests.hashed_words import HashedWords

STEPS = (Step(0, 0, 0), Step(60, 8, 8), Step(600, 16, 16))  # every list is read, so that the results are the same


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_updater.DenseUpdater.__init__, "__kwdefaults__", {"steps": STEPS})
    monkeypatch.setattr(dense_updater, "_SLICE", 50)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library"


def index(library: Library) -> DenseIndex:
    found = library._indexes.dense
    assert isinstance(found, DenseIndex)
    return found


def add(library: Library, first: int, last: int) -> None:
    list(library.add(article(number) for number in range(first, last)))


def right(library: Library) -> bool:
    return all(ok for _, ok, _ in library.check())


def test_more_vectors_are_kept_in_more_lists(path: Path, encoder: HashedWords) -> None:
    with Library.open(path, encoder) as library:
        lists = {}
        for last in (10, 50, 250):
            add(library, 0, last)
            lists[library.size()["passages"]] = index(library).lists
            assert right(library)
        assert lists == {30: 0, 150: 8, 750: 16}
    with Library.open(path, encoder) as again:
        assert (index(again).lists, again.notices) == (16, ())


def test_what_is_found_stays_the_same(path: Path, tmp_path: Path, encoder: HashedWords) -> None:
    with Library.open(path, encoder) as library:
        add(library, 0, 100)
        assert index(library).lists
        in_lists = results(library)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense_updater.DenseUpdater.__init__, "__kwdefaults__", {"steps": STEPS[:1]})
        with Library.open(tmp_path / "exact", encoder) as library:
            add(library, 0, 100)
            assert not index(library).lists
            for exact, near in zip(results(library), in_lists, strict=True):
                assert {one[1] for one in near} == {one[1] for one in exact}
                assert sorted(one[2] for one in near) == pytest.approx(sorted(one[2] for one in exact), abs=1e-3)


def test_after_most_was_removed_every_vector_is_compared_again(path: Path, encoder: HashedWords) -> None:
    with Library.open(path, encoder) as library:
        add(library, 0, 100)
        library.remove(*(article(number).id for number in range(5, 100)))
        assert right(library)
        assert not {hit.article.id for hit in library.search("kerry", 99)} - {article(n).id for n in range(5)}
    with Library.open(path, encoder) as library:
        assert index(library).lists == 0
        assert right(library)


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_lists_are_built_again_if_their_file_is(path: Path, encoder: HashedWords, harm: str) -> None:
    with Library.open(path, encoder) as library:
        add(library, 0, 100)
        before = results(library)
    saved = (path / "vectors.faiss").read_bytes()
    delete(path / "vectors.faiss")
    if harm == "damaged":
        (path / "vectors.faiss").write_bytes(saved[:-1])

    with Library.open(path, encoder) as library:
        (notice,) = library.notices
        assert "rebuilt" in notice
        assert index(library).lists == 8
        assert results(library) == before
        assert right(library)


def test_an_index_without_lists_gets_them_when_the_library_is_opened(path: Path, encoder: HashedWords) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense_updater.DenseUpdater.__init__, "__kwdefaults__", {"steps": STEPS[:1]})
        with Library.open(path, encoder) as library:
            add(library, 0, 100)
    with Library.open(path, encoder) as library:
        assert (index(library).lists, library.notices) == (8, ())
        assert right(library)


def test_others_search_and_write_while_lists_are_built(path: Path, encoder: HashedWords) -> None:
    """Changes that are made between the reading of the vectors and the change-over are in the new index."""
    add_more = iter([lambda other: add(other, 300, 310), lambda other: other.remove(article(1).id)])
    with Library.open(path, encoder) as library, Library.open(path, encoder) as other:
        bring = dense_updater._bring

        def interrupted(dense: DenseIndex, snapshot: object) -> tuple[int, int]:
            counts = bring(dense, snapshot)  # type: ignore[arg-type]
            if dense.lists and dense is not index(library) and (change := next(add_more, None)):
                worker = threading.Thread(target=change, args=(other,))
                worker.start()
                worker.join(timeout=30)
                assert not worker.is_alive()
                assert library.search("kerry")
            return counts

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dense_updater, "_bring", interrupted)
            add(library, 0, 100)
        assert index(library).lists == index(other).lists == 8
        for one in (library, other):
            assert article(1).id not in {hit.article.id for hit in one.search("kerry", 999)}
            assert article(305).id in {hit.article.id for hit in one.search("kerry", 999)}
            assert right(one)
