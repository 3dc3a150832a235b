"""Both searches → one ranking of passages, which are read from one state of the database."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.dense_index import DenseIndex
from embeddings.retrieval.fusion import fuse
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Entry, Excerpt
from embeddings.text.passage import StoredPassage

By = Literal["fused", "dense", "bm25"]


class Query(NamedTuple):
    """What is looked for: a text and its vector, ``by`` which search the ``top_k`` best are ranked, and among what."""

    text: str
    vector: NDArray[np.float32]
    top_k: int
    filters: Filters | None
    by: By


@dataclass(frozen=True)
class Hit:
    """A passage that was found. ``ranks`` count from 1; None: that search alone did not find it among its first."""

    passage: StoredPassage
    excerpt: Excerpt
    score: float
    ranks: dict[str, int | None]
    cosine: float
    bm25: float

    @property
    def article(self) -> Entry:
        """The article that it is cut from."""
        return self.excerpt.article

    @property
    def text(self) -> str:
        """Its characters."""
        return self.excerpt.text


class SearchHits(NamedTuple):
    """The hits, best first; ``complete`` unless an index found passages that are gone, in place of others."""

    hits: list[Hit]
    complete: bool


def search(query: Query, now: Snapshot, vectors: DenseIndex, words: Bm25Index) -> SearchHits:
    """The best passages that both indexes find; ties go to the older passage."""
    first = max(100, 4 * query.top_k)
    dense = vectors.search(query.vector, first, None if query.filters is None else now.keys(query.filters))
    bm25 = words.search(query.text, first, query.filters)
    keys = np.union1d(dense, bm25)
    cosine = vectors.scores(query.vector, keys)
    here = ~np.isnan(cosine)  # the words may be behind and know passages that are gone
    there = now.there(keys)
    complete = not (here & ~there).any()
    keys, cosine = keys[here & there], cosine[here & there]
    scores = {"dense": cosine, "bm25": words.scores(query.text, keys)}
    scores["fused"] = fuse(scores["dense"], scores["bm25"])
    found_by = {"dense": np.isin(keys, dense), "bm25": np.isin(keys, bm25), "fused": np.ones(len(keys), bool)}
    ranks = {name: _ranks(keys, scores[name], found_by[name]) for name in scores}
    best = sorted(ranks[query.by], key=ranks[query.by].__getitem__)[: query.top_k]
    stored = now.hits(best)
    at = {key: i for i, key in enumerate(keys.tolist())}
    hits = [
        Hit(
            *stored[key],
            score=float(scores[query.by][at[key]]),
            ranks={name: ranks[name].get(key) for name in ranks},
            cosine=float(scores["dense"][at[key]]),
            bm25=float(scores["bm25"][at[key]]),
        )
        for key in best
    ]
    return SearchHits(hits, complete)


def _ranks(keys: NDArray[np.int64], scores: NDArray[np.float64], found: NDArray[np.bool_]) -> dict[int, int]:
    """The place of each key that was found, from 1; equal scores go to the lower key."""
    order = np.lexsort((keys, -scores))
    return {key: rank for rank, key in enumerate(keys[order[found[order]]].tolist(), 1)}
