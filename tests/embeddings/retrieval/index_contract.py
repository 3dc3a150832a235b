"""The tests that every index passes. The tests of an index inherit them and define how it is filled and searched."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.retrieval.index import Index
from embeddings.retrieval.index_stamp import StaleIndex
from embeddings.storage.state import State

AnyIndex = Index[Any, Any]
Harm = Callable[[bytes], bytes]
HARMS: dict[str, Harm] = {
    "a bit flipped": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :]
    ),
    "cut": lambda data: data[: len(data) // 2],
    "emptied": lambda _: b"",
    "of another kind": lambda _: b'{"payload": 3}\n',
}


class IndexContract(ABC):
    """Tests of adding, removing and searching. Passages are identified by keys from 1 to 99."""

    @abstractmethod
    def empty(self, path: Path) -> AnyIndex:
        """Return an empty index, in this folder if it is on disk."""

    @abstractmethod
    def apply(self, index: Any, removed: Sequence[int], added: Sequence[int], state: State) -> None:
        """Remove and add the passages with these keys, and set the state."""

    @abstractmethod
    def query(self, key: int) -> Any:
        """Return a query for which the key's passage is the best and every other passage is found."""

    @abstractmethod
    def bounds(self, keys: Sequence[int]) -> Any:
        """Return a filter that only the passages with these keys pass."""

    @pytest.fixture
    def index(self, tmp_path: Path) -> AnyIndex:
        """Return an index of passages 1 to 50 at generation 3."""
        index = self.empty(tmp_path / "index")
        self.apply(index, [], range(1, 51), State(3, 9))
        return index

    def test_an_empty_index_has_no_passages(self, tmp_path: Path) -> None:
        index = self.empty(tmp_path / "index")
        assert (len(index), index.keys(), index.state) == (0, [], State(0, 0))
        assert index.search(self.query(1), 3).tolist() == []

    def test_it_has_the_passages_that_were_added(self, index: AnyIndex) -> None:
        assert (len(index), index.keys(), index.state) == (50, list(range(1, 51)), State(3, 9))

    def test_the_best_passage_is_found_first(self, index: AnyIndex) -> None:
        for key in (1, 7, 50):
            assert index.search(self.query(key), 3)[0] == key

    def test_k_passages_are_found_if_there_are_k(self, index: AnyIndex) -> None:
        for k, found in ((0, 0), (1, 1), (8, 8), (50, 50), (60, 50)):
            keys = index.search(self.query(7), k).tolist()
            assert len(keys) == len(set(keys)) == found, k

    def test_a_search_finds_the_highest_scores_first(self, index: AnyIndex) -> None:
        query = self.query(7)
        found = index.search(query, 50)
        scores = index.scores(query, found)
        assert (np.diff(scores) <= 1e-6).all()
        assert index.scores(query, found[::-1]).tolist() == scores[::-1].tolist()

    def test_filters_are_applied_inside_the_search(self, index: AnyIndex) -> None:
        for allowed, k in product(([], [7], [3, 49], [2, 30, 77], list(range(20, 90))), (1, 3, 9)):
            here = {key for key in allowed if key <= 50}
            found = index.search(self.query(7), k, self.bounds(allowed)).tolist()
            assert set(found) <= here
            assert len(found) == min(k, len(here)), (allowed, k)

    def test_removed_passages_are_not_found(self, index: AnyIndex) -> None:
        self.apply(index, [7, 9], [], State(4, 9))
        assert (len(index), index.state) == (48, State(4, 9))
        assert index.keys() == [key for key in range(1, 51) if key not in {7, 9}]
        assert not {7, 9} & set(index.search(self.query(7), 50).tolist())
        assert index.search(self.query(7), 3, self.bounds([7, 8])).tolist() == [8]

    def test_removing_an_absent_passage_changes_nothing(self, index: AnyIndex) -> None:
        self.apply(index, [77], [], State(4, 9))
        assert index.keys() == list(range(1, 51))

    def test_applying_a_change_again_has_no_effect(self, index: AnyIndex, tmp_path: Path) -> None:
        twice = self.empty(tmp_path / "twice")
        self.apply(twice, [], range(1, 51), State(3, 9))
        for one, times in ((index, 1), (twice, 2)):
            for _ in range(times):
                self.apply(one, [3], [51, 52], State(4, 9))
        assert twice.keys() == index.keys()
        assert twice.search(self.query(51), 99).tolist() == index.search(self.query(51), 99).tolist()


class WordIndexContract(IndexContract):
    """Tests of an index that is searched with words. The passage of a key has the word ``grain`` and one of its own."""

    def test_a_word_tells_the_more_the_fewer_passages_have_it(self, index: Any) -> None:
        common, again, rare, absent, no_word = index.rarities(["grain", "Grains", "w7", "absent", "_"]).tolist()
        assert rare > common == again > absent == no_word == 0
        assert index.rarities([]).tolist() == []


class LoadedIndexContract(IndexContract):
    """Tests of an index that outlives its process, which is used only if it was written for the library."""

    @abstractmethod
    def save(self, index: Any, path: Path, library: str) -> None:
        """Write the index to disk, at the path for which it was created."""

    @abstractmethod
    def load(self, path: Path, library: str) -> AnyIndex:
        """Load the index from disk."""

    @pytest.fixture
    def path(self, index: AnyIndex, tmp_path: Path) -> Path:
        """Return a saved index."""
        self.save(index, tmp_path / "index", "library")
        return tmp_path / "index"

    def test_it_is_equal_after_loading(self, index: AnyIndex, path: Path) -> None:
        loaded = self.load(path, "library")
        assert (len(loaded), loaded.keys(), loaded.state) == (50, index.keys(), State(3, 9))
        assert loaded.search(self.query(7), 50).tolist() == index.search(self.query(7), 50).tolist()

    def test_an_index_of_another_library_is_not_used(self, path: Path) -> None:
        with pytest.raises(StaleIndex, match="another library"):
            self.load(path, "another")

    def test_a_missing_index_is_reported(self, tmp_path: Path) -> None:
        with pytest.raises(StaleIndex, match="missing"):
            self.load(tmp_path / "nothing", "library")


class StoredIndexContract(LoadedIndexContract):
    """Tests of an index in files with checksums."""

    @pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
    def test_a_changed_file_is_not_used(self, path: Path, harm: Harm) -> None:
        files = [file for file in (path, *path.rglob("*")) if file.is_file() and file.stat().st_size]
        assert files
        for file in files:
            whole = file.read_bytes()
            file.write_bytes(harm(whole))
            with pytest.raises(StaleIndex):
                self.load(path, "library")
            file.write_bytes(whole)
        assert self.load(path, "library").state == State(3, 9)
