"""The indexes of a collection in milvus-lite pass the tests of every index."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.milvus_collection import MilvusCollection
from embeddings.retrieval.milvus_index import MilvusBm25Index, MilvusDenseIndex
from embeddings.retrieval.milvus_schema import passing
from embeddings.retrieval.milvus_server import MilvusAddress, MilvusServer
from embeddings.storage.state import State
from embeddings.text.passage import IndexedPassage
from tests.embeddings.retrieval.index_contract import AnyIndex, LoadedIndexContract, WordIndexContract
from tests.embeddings.retrieval.test_dense_index import DIMENSION, unit_vectors

pytest.importorskip("milvus_lite", reason="the extra `milvus` is not installed")


def passages(keys: Sequence[int]) -> list[tuple[IndexedPassage, NDArray[np.float32]]]:
    return [
        (IndexedPassage(key, f"Grain w{key}.", "Untitled", f"article {key}"), unit_vectors(99)[key - 1]) for key in keys
    ]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusAddress]:
    """A file of milvus-lite that is open for all tests."""
    address = MilvusAddress(str(tmp_path_factory.mktemp("milvus") / "milvus.db"))
    with closing(MilvusServer(address)):
        yield address


class MilvusContract(LoadedIndexContract):
    kind: type[MilvusDenseIndex] | type[MilvusBm25Index]

    @pytest.fixture(autouse=True)
    def milvus(self, address: MilvusAddress) -> Iterator[None]:
        """End the connections of a test after it."""
        self.address = address
        self.collections: list[MilvusCollection] = []
        yield
        for collection in self.collections:
            collection.close()

    def connect(self, path: Path, library: str) -> MilvusCollection:
        collection = MilvusCollection(self.address, f"{path.parent.name}{path.name}{library}", "encoder", DIMENSION)
        self.collections.append(collection)
        return collection

    def empty(self, path: Path) -> AnyIndex:
        collection = self.connect(path, "library")
        collection.build((), State(0, 0))
        return self.kind(collection)

    def apply(self, index: Any, removed: Sequence[int], added: Sequence[int], state: State) -> None:
        index._collection.apply(removed, passages(added), state)

    def bounds(self, keys: Sequence[int]) -> list[str]:
        return [passing(Filters(article_ids=tuple(f"article {key}" for key in keys)))]

    def save(self, index: Any, path: Path, library: str) -> None:
        """Do nothing: ``apply`` has written it."""

    def load(self, path: Path, library: str) -> AnyIndex:
        collection = self.connect(path, library)
        if library == "another":  # as if somebody had given it the other's name
            mine = self.connect(path, "library")._alias
            name = collection._server.call("describe_alias", mine)["collection_name"]
            collection._server.call("create_alias", name, collection._alias)
        collection.load()
        return self.kind(collection)


class TestVectorsInMilvus(MilvusContract):
    kind = MilvusDenseIndex

    def query(self, key: int) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = unit_vectors(99)[key - 1]
        return vector


class TestWordsInMilvus(MilvusContract, WordIndexContract):
    kind = MilvusBm25Index

    def query(self, key: int) -> str:
        return f"grain w{key}"

    def test_applying_a_change_again_has_no_effect(self, index: AnyIndex, tmp_path: Path) -> None:
        """But for the order: milvus-lite counts a word again that was written again, until its files are joined."""
        for _ in range(2):
            self.apply(index, [3], [51, 52], State(4, 9))
        assert index.keys() == [key for key in range(1, 53) if key != 3]
        assert sorted(index.search(self.query(51), 99).tolist()) == index.keys()
