"""The dense and the BM25 index of a Milvus collection, as a search uses them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.bm25_schema import BOOSTS
from embeddings.retrieval.milvus_collection import MilvusCollection
from embeddings.retrieval.milvus_schema import MAX_RESULTS, passing
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import EMPTY_STATE, State
from embeddings.text.terms import terms


class _MilvusIndex:
    """What both have in common. A filter is an expression of Milvus."""

    def __init__(self, collection: MilvusCollection) -> None:
        self._collection = collection

    def __len__(self) -> int:
        return len(self._collection)

    def keys(self) -> list[int]:
        """Return the keys of the passages in ascending order."""
        return self._collection.keys()

    @property
    def state(self) -> State:
        """The state of the database that the collection represents; the empty one if that is not known."""
        return self._collection.state or EMPTY_STATE

    def bounds(self, snapshot: Snapshot, filters: Filters | None) -> str:
        """Return the expression of the passages that pass the filters and were not removed since."""
        return passing(filters, snapshot.keys_removed_since(self.state.generation))

    def _search(self, field: str, query: object, k: int, bounds: str) -> list[tuple[int, float]]:
        """Return the keys of the ``k`` best passages and their scores, best first."""
        (hits,) = self._collection.read(
            "search", data=[query], anns_field=field, limit=min(k, MAX_RESULTS), filter=bounds, output_fields=["key"]
        )
        return [(hit["key"], hit["distance"]) for hit in hits]


class MilvusDenseIndex(_MilvusIndex):
    """Unit vectors by key. A score is the inner product, which is the cosine of unit vectors; the search is exact."""

    def search(self, query: NDArray[np.float32], k: int, allowed: str | None = None) -> NDArray[np.int64]:
        """Return the keys of the ``k`` vectors with the highest cosine that pass the filter, best first."""
        found = self._search("vector", query, k, allowed or "") if k else []
        return np.array([key for key, _ in found], np.int64)

    def scores(self, query: NDArray[np.float32], keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the cosine of each key's vector with the query; NaN for a key that the collection does not have.

        It is computed here as the FAISS index computes it, so that ranks are the same.
        """
        ids = keys.tolist()
        rows = self._collection.read("get", ids=ids, output_fields=["vector"]) if ids else []
        vectors = {row["key"]: np.asarray(row["vector"], np.float64) for row in rows}
        return np.array([(vectors[key] * query).sum() if key in vectors else np.nan for key in ids], np.float64)


class MilvusBm25Index(_MilvusIndex):
    """Passages by the terms of their text and title, ranked by Milvus's BM25 function."""

    def search(self, query: str, k: int, allowed: str | None = None) -> NDArray[np.int64]:
        """Return the keys of the ``k`` best passages that share a term with the query and pass the filter.

        They are the best of those that are among the ``k`` best by the text or by the title.
        """
        found = {field: self._matches(field, query, k, allowed or "") for field in BOOSTS._fields}
        keys = sorted(set().union(*found.values()))
        for field, scored in found.items():
            others = [key for key in keys if key not in scored] if len(scored) == k else []  # else they score 0
            scored.update(self._matches(field, query, len(others), f"key in {others}"))
        best: NDArray[np.int64] = np.array(keys, np.int64)[np.argsort(-_total(found, keys), kind="stable")[:k]]
        return best

    def scores(self, query: str, keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return each key's BM25 score; 0 for a passage that shares no term with the query or is not there."""
        wanted = keys.tolist()
        among = f"key in {wanted}"
        return _total({field: self._matches(field, query, len(wanted), among) for field in BOOSTS._fields}, wanted)

    def _matches(self, field: str, query: str, k: int, bounds: str) -> dict[int, float]:
        """Return the ``k`` best passages by one field, with their scores."""
        distinct = " ".join(terms(query))
        if not k or not distinct:
            return {}
        # A score is never negative, but milvus-lite returns it with a minus.
        return {key: abs(score) for key, score in self._search(f"{field}_bm25", distinct, k, bounds)}


def _total(found: Mapping[str, Mapping[int, float]], keys: Sequence[int]) -> NDArray[np.float64]:
    """Return each key's weighted sum of the scores of both fields."""
    boosts = BOOSTS._asdict()
    return np.array([sum(boosts[field] * scored.get(key, 0.0) for field, scored in found.items()) for key in keys])
