from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.retrieval.vector_lists import Step, fitting
from embeddings.storage.state import State
from tests.embeddings.retrieval.index_contract import StoredIndexContract

DIMENSION = 8
STEPS = (Step(0, 0, 0), Step(40, 4, 2))


def unit_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def filled(count: int = 50, first: int = 1) -> DenseIndex:
    vectors = DenseIndex(DIMENSION)
    vectors.apply([], np.arange(first, first + count), unit_vectors(count), State(3, 9))
    return vectors


class TestVectors(StoredIndexContract):
    lists = 0

    def empty(self, path: Path) -> DenseIndex:
        return DenseIndex(DIMENSION, STEPS, self.lists, unit_vectors(99))

    def apply(self, index: DenseIndex, removed: Sequence[int], added: Sequence[int], state: State) -> None:
        keys = np.array(added, np.int64)
        index.apply(list(removed), keys, unit_vectors(99)[keys - 1], state)

    def query(self, key: int) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = unit_vectors(99)[key - 1]
        return vector

    def bounds(self, keys: Sequence[int]) -> NDArray[np.int64]:
        return np.array(keys, np.int64)

    def save(self, index: DenseIndex, path: Path, library: str) -> None:
        index.save(path, library, "encoder")

    def load(self, path: Path, library: str) -> DenseIndex:
        return DenseIndex.load(path, library, "encoder", DIMENSION, STEPS)


class TestVectorsInLists(TestVectors):
    lists = 4


def in_lists(count: int = 1_000, read: int = 2) -> DenseIndex:
    vectors = DenseIndex(DIMENSION, (Step(0, 0, 0), Step(100, 16, read)), 16, unit_vectors(count))
    vectors.apply([], np.arange(1, 1 + count), unit_vectors(count), State(1, 9))
    return vectors


def test_lists_are_wanted_from_some_number_of_vectors_on_and_until_half_of_it_are_left() -> None:
    steps = (Step(0, 0, 0), Step(100, 16, 2), Step(400, 32, 2))

    wanted = [fitting(steps, vectors, now).lists for vectors, now in ((99, 0), (100, 0), (400, 0), (999, 16))]
    fewer = [fitting(steps, vectors, now).lists for vectors, now in ((99, 16), (51, 16), (50, 16), (201, 32), (9, 32))]

    assert wanted == [0, 16, 32, 32]
    assert fewer == [16, 16, 0, 32, 0]


def test_the_nearest_lists_have_most_of_the_nearest_vectors() -> None:
    exact, near, queries = in_lists(read=16), in_lists(read=4), unit_vectors(50, seed=5)

    found = [len({*near.search(one, 10).tolist()} & {*exact.search(one, 10).tolist()}) / 10 for one in queries]

    assert 0.7 < np.mean(found) < 1


@given(st.sets(st.integers(1, 1_100), max_size=200), st.integers(1, 60))
@settings(max_examples=20)
def test_a_filtered_search_in_lists_is_exact(allowed: set[int], k: int) -> None:
    keys = np.array(sorted(allowed), np.int64)
    query, vectors = unit_vectors(1, seed=1)[0], unit_vectors(1_000)
    there = keys[keys <= 1_000]
    expected = there[np.argsort(-(vectors[there - 1] @ query), kind="stable")][:k]

    found = in_lists(read=1).search(query, k, keys)

    assert vectors[found - 1] @ query == pytest.approx(vectors[expected - 1] @ query, abs=1e-3)


def test_a_vector_in_a_list_has_half_precision_and_scores_the_same_everywhere() -> None:
    index, query = in_lists(), unit_vectors(1, seed=3)[0]
    index.apply([], np.arange(2_001, 2_003), unit_vectors(1_000)[:2], State(2, 9))

    scores = index.scores(query, np.array([1, 2, 2_001, 2_002, 9_999]))

    assert scores[:2].tolist() == scores[2:4].tolist()
    assert scores[:2] == pytest.approx(unit_vectors(1_000)[:2] @ query, abs=1e-3)
    assert np.isnan(scores[4])


def test_a_search_finds_the_nearest_vectors_best_first() -> None:
    all_of_them = unit_vectors(50)
    expected = 1 + np.argsort(-(all_of_them @ all_of_them[7]), kind="stable")[:5]

    assert filled().search(all_of_them[7], 5).tolist() == expected.tolist()


@given(st.sets(st.integers(1, 300), max_size=40), st.integers(1, 60))
def test_a_filtered_search_returns_k_allowed_keys_if_there_are_k(allowed: set[int], k: int) -> None:
    keys = np.array(sorted(allowed), np.int64)
    there = [key for key in keys.tolist() if key <= 50]

    found = filled().search(unit_vectors(1, seed=1)[0], k, keys).tolist()

    assert set(found) <= set(there)
    assert len(set(found)) == len(found) == min(k, len(there))


def test_three_allowed_vectors_are_found_among_a_hundred_thousand() -> None:
    vectors = DenseIndex(DIMENSION)
    vectors.apply([], np.arange(1, 100_001), unit_vectors(100_000), State(1, 9))

    assert set(vectors.search(unit_vectors(1, seed=2)[0], 8, np.array([17, 50_000, 99_999])).tolist()) == {
        17,
        50_000,
        99_999,
    }


def test_an_empty_index_has_no_scores() -> None:
    vectors, query = DenseIndex(DIMENSION), unit_vectors(1)[0]

    assert np.isnan(vectors.scores(query, np.array([1]))).all()


def test_scores_are_cosines_and_unknown_keys_have_none() -> None:
    query = unit_vectors(1, seed=3)[0]

    scores = filled().scores(query, np.array([50, 999, 1]))

    assert scores[[0, 2]] == pytest.approx(unit_vectors(50)[[49, 0]] @ query)
    assert np.isnan(scores[1])


def test_equal_vectors_have_equal_scores_in_every_call() -> None:
    vectors, one = DenseIndex(DIMENSION), unit_vectors(1)
    vectors.apply([], np.arange(1, 40), np.repeat(one, 39, axis=0), State(1, 9))
    query = unit_vectors(1, seed=4)[0]

    together = vectors.scores(query, np.arange(1, 40))

    assert len(set(together.tolist())) == 1
    assert vectors.scores(query, np.array([5]))[0] == together[0]


@pytest.mark.parametrize("cut", [0, 1, 40, 300, -1])
def test_a_truncated_file_is_not_trusted(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "index"
    filled().save(path, "library", "encoder")
    path.write_bytes(path.read_bytes()[:cut])

    with pytest.raises(StaleIndex):
        DenseIndex.load(path, "library", "encoder", DIMENSION)


def test_a_flipped_byte_anywhere_is_found(tmp_path: Path) -> None:
    path = tmp_path / "index"
    filled(3).save(path, "library", "encoder")
    saved = path.read_bytes()
    for offset in range(len(saved)):
        path.write_bytes(saved[:offset] + bytes([saved[offset] ^ 1]) + saved[offset + 1 :])
        with pytest.raises(StaleIndex):
            DenseIndex.load(path, "library", "encoder", DIMENSION)


def test_an_index_of_another_encoder_is_not_trusted(tmp_path: Path) -> None:
    filled().save(tmp_path / "index", "library", "encoder")
    assert [file.name for file in tmp_path.iterdir()] == ["index"]

    with pytest.raises(StaleIndex, match="other settings"):
        DenseIndex.load(tmp_path / "index", "library", "another", DIMENSION)
