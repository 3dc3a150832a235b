"""Queries for articles that are like a given one."""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArticleNotFound
from embeddings.filters import Filters
from embeddings.retrieval.index import BM25
from embeddings.retrieval.search import Query
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Article

_WORD = re.compile(r"\w+")
_WORDS = 25  # the most telling ones, of which the query is made
_CONSIDERED = 500  # the most frequent ones, among which they are: a news article has fewer


def query_like(
    article: Article,
    vectors: NDArray[np.float32] | None,
    snapshot: Snapshot,
    bm25_index: BM25,
    *,
    top_k: int,
    filters: Filters | None,
) -> Query:
    """Return a query for the articles that are like one: the mean direction of its vectors, and its most telling words.

    Without ``vectors`` it is one of the library, which has them.

    Raises:
        ArticleNotFound: The article has been removed meanwhile.
    """
    copies = snapshot.copies(article)
    if vectors is None and not copies:
        raise ArticleNotFound(article.id)
    direction = _mean_direction(snapshot.vectors(article.id) if vectors is None else vectors)
    words = _telling_words(article.text, bm25_index)
    return Query(words, direction, top_k, filters, "fused", group=True, without=tuple(copies), is_word_list=True)


def _telling_words(text: str, bm25_index: BM25) -> str:
    """Return the words of a text that tell it most from other texts, by their number and rarity, most telling first."""
    counts = dict(Counter(_WORD.findall(text.lower())).most_common(_CONSIDERED))
    rarities = bm25_index.rarities(list(counts)).tolist()
    weights = {word: count * rarity for (word, count), rarity in zip(counts.items(), rarities, strict=True)}
    return " ".join(sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS])


def _mean_direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the unit vector of shape (dimension,) in the mean direction of unit vectors of shape (n, dimension)."""
    mean: NDArray[np.float32] = vectors.mean(axis=0)
    return mean / max(np.linalg.norm(mean), np.finfo(np.float32).tiny)
