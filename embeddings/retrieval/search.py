"""Hybrid search: candidates from both indexes → one ranking of passages, read from one state of the database."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidInput
from embeddings.filters import Filters
from embeddings.retrieval.distinct import first_distinct
from embeddings.retrieval.fusion import fuse, reach
from embeddings.retrieval.index import BM25, Dense
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Entry, Excerpt, reject_lone_surrogates
from embeddings.text.passage import StoredPassage

By = Literal["fused", "dense", "bm25"]


class Query(NamedTuple):
    """A search: the query's text and its vector of shape (dimension,), and the score ``by`` which to rank.

    With ``group`` only the best passage of each article is returned. Passages with the keys ``without`` are not. If
    the text ``is_word_list`` and no question, BM25 counts fully even where every passage has few of the words. Unless
    ``distinct``, what near-duplicates repeat is returned too.
    """

    text: str
    vector: NDArray[np.float32]
    top_k: int
    filters: Filters | None
    by: By
    group: bool = False
    without: tuple[int, ...] = ()
    is_word_list: bool = False
    distinct: bool = True


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    ``ranks`` are its ranks by each score, from 1; None for a search that did not have it among its candidates.
    """

    passage: StoredPassage
    excerpt: Excerpt
    score: float
    ranks: dict[str, int | None]
    cosine: float
    bm25: float

    @property
    def article(self) -> Entry:
        """The passage's article, without its text."""
        return self.excerpt.article

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.excerpt.text


class SearchHits(NamedTuple):
    """The hits, best first. ``complete`` is False if an index returned removed passages instead of others."""

    hits: list[Hit]
    complete: bool


def require_searchable(text: str, top_k: int, filters: Filters | None) -> None:
    """Raise InvalidInput if the query is blank, a value has a lone surrogate, or ``top_k`` is below 1."""
    named = (filters.sources, filters.article_ids, filters.authors, (filters.metadata,)) if filters else ()
    for value in (text, *(value for values in named for value in values or ())):
        reject_lone_surrogates("query", value)
    if not text.strip() or top_k < 1:
        raise InvalidInput(
            "There is nothing to search for.",
            expected="a query with a word in it, and a top_k of 1 or more",
            got=f"{text!r}, top_k {top_k}",
            hint="Ask in a few words.",
        )


def search(query: Query, snapshot: Snapshot, dense_index: Dense, bm25_index: BM25, candidates: int = 100) -> SearchHits:
    """Return the best passages among the candidates of both indexes. Equal scores are ranked by key.

    A passage whose sentences all stand in passages of a near-duplicate of its article, which were found before it, is
    left out, unless the filter names the article, or the query is not for ``distinct`` ones.
    """
    candidates = max(candidates, 4 * query.top_k) + len(query.without)
    dense = dense_index.search(query.vector, candidates, dense_index.bounds(snapshot, query.filters))
    bm25 = bm25_index.search(query.text, candidates, bm25_index.bounds(snapshot, query.filters))
    keys = np.setdiff1d(np.union1d(dense, bm25), np.array(query.without, np.int64))
    cosine = dense_index.scores(query.vector, keys)
    is_in_dense = ~np.isnan(cosine)  # the BM25 index may be behind and return removed passages
    is_stored = snapshot.existing(keys)
    complete = not (is_in_dense & ~is_stored).any()
    keys, cosine = keys[is_in_dense & is_stored], cosine[is_in_dense & is_stored]
    scores = {"dense": cosine, "bm25": bm25_index.scores(query.text, keys)}
    reachable = 0.0 if query.is_word_list else reach(query.text, bm25_index)
    scores["fused"] = fuse(scores["dense"], scores["bm25"], reachable=reachable)
    found_by = {"dense": np.isin(keys, dense), "bm25": np.isin(keys, bm25), "fused": np.ones(len(keys), bool)}
    ranks = {name: _ranks(keys, scores[name], found_by[name]) for name in scores}
    best = sorted(ranks[query.by], key=ranks[query.by].__getitem__)
    best = snapshot.first_of_each_article(best) if query.group else best
    if query.distinct:
        named = (query.filters and query.filters.article_ids) or ()
        stored, repeated = first_distinct(snapshot, best, query.top_k, named)
    else:
        stored, repeated = snapshot.passages_with_excerpts(best[: query.top_k]), False
    if (repeated or query.group) and len(stored) < query.top_k and max(len(dense), len(bm25)) == candidates:
        return search(query, snapshot, dense_index, bm25_index, 4 * candidates)
    position = {key: i for i, key in enumerate(keys.tolist())}
    hits = [
        Hit(
            *stored[key],
            score=float(scores[query.by][position[key]]),
            ranks={name: ranks[name].get(key) for name in ranks},
            cosine=float(scores["dense"][position[key]]),
            bm25=float(scores["bm25"][position[key]]),
        )
        for key in best
        if key in stored
    ]
    return SearchHits(hits, complete)


def _ranks(keys: NDArray[np.int64], scores: NDArray[np.float64], found: NDArray[np.bool_]) -> dict[int, int]:
    """Return the rank, from 1, of each key that was found, by descending score and ascending key."""
    order = np.lexsort((keys, -scores))
    return {key: rank for rank, key in enumerate(keys[order[found[order]]].tolist(), 1)}
