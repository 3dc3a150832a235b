"""The dense and the BM25 index of a Milvus collection, as a search uses them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.bm25_schema import BOOSTS
from embeddings.retrieval.milvus_collection import MilvusCollection, chunks
from embeddings.retrieval.milvus_schema import MAX_RESULTS, passing
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.state import EMPTY_STATE, State
from embeddings.text.terms import terms

_MAX_KEYS = 10_000  # in an expression of 100 kB; not above MAX_RESULTS
_EVERYTHING = ("",)


class _MilvusIndex:
    """What both have in common. A filter is expressions of Milvus for distinct passages; each is searched."""

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

    def bounds(self, snapshot: Snapshot, filters: Filters | None) -> Sequence[str]:
        """Return expressions of the passages that pass the filters and were not removed since."""
        if filters is not None and filters.metadata is not None:
            return _among(snapshot.keys_matching(filters).tolist())
        return [passing(filters, snapshot.keys_removed_since(self.state.generation))]

    def _search(self, field: str, query: object, k: int, bounds: Iterable[str]) -> list[tuple[int, float]]:
        """Return the keys of at least the ``k`` best passages, and their scores."""
        return [hit for one in bounds for hit in self._search_each(field, [query], k, one)[0]]

    def _search_each(
        self, field: str, queries: Sequence[object], k: int, bounds: str = ""
    ) -> list[list[tuple[int, float]]]:
        """Return for each query the keys of the ``k`` best passages and their scores, best first."""
        found = self._collection.read(
            "search", data=queries, anns_field=field, limit=min(k, MAX_RESULTS), filter=bounds, output_fields=["key"]
        )
        return [[(hit["key"], hit["distance"]) for hit in hits] for hits in found]


class MilvusDenseIndex(_MilvusIndex):
    """Unit vectors by key. A score is the inner product, which is the cosine of unit vectors; the search is exact."""

    def search(self, query: NDArray[np.float32], k: int, allowed: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Return the keys of the ``k`` vectors with the highest cosine that pass the filter, best first."""
        found = self._search("vector", query, k, _EVERYTHING if allowed is None else allowed) if k else []
        return np.array([key for key, _ in sorted(found, key=lambda hit: -hit[1])[:k]], np.int64)

    def scores(self, query: NDArray[np.float32], keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the cosine of each key's vector with the query; NaN for a key that the collection does not have.

        It is computed here as the FAISS index computes it, so that ranks are the same.
        """
        rows = [
            row
            for some in chunks(keys.tolist(), _MAX_KEYS)
            for row in self._collection.read("get", ids=some, output_fields=["vector"])
        ]
        vectors = {row["key"]: np.asarray(row["vector"], np.float64) for row in rows}
        return np.array([(vectors[key] * query).sum() if key in vectors else np.nan for key in keys.tolist()], float)


class MilvusBm25Index(_MilvusIndex):
    """Passages by the terms of their text and title, ranked by Milvus's BM25 function.

    A score is never negative, but milvus-lite returns it with a minus.
    """

    def search(self, query: str, k: int, allowed: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Return the keys of the ``k`` best passages that share a term with the query and pass the filter.

        They are the best of those that are among the ``k`` best by the text or by the title.
        """
        bounds = _EVERYTHING if allowed is None else allowed
        found = {field: self._matches(field, query, k, bounds) for field in BOOSTS._fields}
        keys = sorted(set().union(*found.values()))
        for field, scored in found.items():
            if len(scored) >= min(k, MAX_RESULTS):  # else the others score 0
                scored.update(self._matches_among(field, query, [key for key in keys if key not in scored]))
        best: NDArray[np.int64] = np.array(keys, np.int64)[np.argsort(-_total(found, keys), kind="stable")[:k]]
        return best

    def scores(self, query: str, keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return each key's BM25 score; 0 for a passage that shares no term with the query or is not there."""
        wanted = keys.tolist()
        return _total({field: self._matches_among(field, query, wanted) for field in BOOSTS._fields}, wanted)

    def rarities(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return for each word the highest score that it gives a passage by its text; 0 if none has it."""
        queries = [self._terms(word) for word in words]
        asked = [query for query in dict.fromkeys(queries) if query]
        found = self._search_each("body_bm25", asked, 1) if asked else []
        highest = {query: abs(hits[0][1]) for query, hits in zip(asked, found, strict=True) if hits}
        return np.array([highest.get(query, 0.0) for query in queries], np.float64)

    def _terms(self, query: str) -> str:
        return " ".join(terms(query, self._collection.languages))

    def _matches_among(self, field: str, query: str, keys: Sequence[int]) -> dict[int, float]:
        return self._matches(field, query, len(keys), _among(keys))

    def _matches(self, field: str, query: str, k: int, bounds: Iterable[str]) -> dict[int, float]:
        """Return at least the ``k`` best passages by one field, with their scores."""
        distinct = self._terms(query)
        if not k or not distinct:
            return {}
        return {key: abs(score) for key, score in self._search(f"{field}_bm25", distinct, k, bounds)}


def _among(keys: Iterable[int]) -> list[str]:
    return [f"key in {some}" for some in chunks(keys, _MAX_KEYS)]


def _total(found: Mapping[str, Mapping[int, float]], keys: Sequence[int]) -> NDArray[np.float64]:
    """Return each key's weighted sum of the scores of both fields."""
    boosts = BOOSTS._asdict()
    return np.array([sum(boosts[field] * scored.get(key, 0.0) for field, scored in found.items()) for key in keys])
