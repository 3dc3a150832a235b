"""Queries for articles that are like a given one."""

import math
import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArticleNotFound
from embeddings.filters import Filters
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.search import Query
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Article
from embeddings.text.terms import stems

_WORD = re.compile(r"\w+")
_WORDS = 25  # the most telling ones, of which the query is made


def query_like(
    article: Article,
    vectors: NDArray[np.float32] | None,
    snapshot: Snapshot,
    bm25_index: Bm25Index,
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
    return Query(words, direction, top_k, filters, "fused", group=True, without=tuple(copies))


def _telling_words(text: str, bm25_index: Bm25Index) -> str:
    """Return the words of a text that tell it most from other texts, by their number and rarity, most telling first."""
    counts = Counter(_WORD.findall(text.lower()))
    weights = {word: count * _rarity(word, bm25_index) for word, count in counts.items()}
    return " ".join(sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS])


def _mean_direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the unit vector of shape (dimension,) in the mean direction of unit vectors of shape (n, dimension)."""
    mean: NDArray[np.float32] = vectors.mean(axis=0)
    return mean / max(np.linalg.norm(mean), np.finfo(np.float32).tiny)


def _rarity(word: str, bm25_index: Bm25Index) -> float:
    passages = min((bm25_index.count_with(term) for term in stems(word)), default=0)
    return math.log(1 + len(bm25_index) / passages) if passages else 0.0
