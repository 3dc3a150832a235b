"""The schema of the Milvus collection: its fields, a passage's row, and the expression of a filter.

A text is stored as its terms, so that Milvus's BM25 function sees the same words as tantivy. The names by which
articles are filtered are stored as digests, which have one length and need no escaping.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.retrieval.bm25_schema import BOOSTS
from embeddings.text.passage import IndexedPassage
from embeddings.text.terms import ANALYSIS, stems

# With the encoder's fingerprint it is the recipe of a collection, which is rebuilt when it changes.
RECIPE = f"1; {ANALYSIS}; k1 1.2, b 0.75"
MAX_RESULTS = 16_384  # Milvus's limit of the results of a search
_MAX_BYTES = 65_535  # of a text, in Milvus
_MAX_AUTHORS = 4_096  # of an array, in Milvus
_DIGEST = 32  # hexadecimal digits
_NOTHING = "key < 0"


def layout(dimension: int) -> tuple[Any, Any]:
    """Return the fields of a collection and its indexes: exact inner products, and BM25 as tantivy computes it."""
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    for field in BOOSTS._fields:
        schema.add_field(field, DataType.VARCHAR, max_length=_MAX_BYTES, enable_analyzer=True)
        schema.add_field(f"{field}_bm25", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function(f"{field}_bm25", FunctionType.BM25, field, f"{field}_bm25"))
    schema.add_field("article", DataType.VARCHAR, max_length=_DIGEST)
    schema.add_field("source", DataType.VARCHAR, max_length=_DIGEST)
    schema.add_field(
        "authors", DataType.ARRAY, element_type=DataType.VARCHAR, max_length=_DIGEST, max_capacity=_MAX_AUTHORS
    )
    schema.add_field("published", DataType.INT64)
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index("vector", index_type="FLAT", metric_type="IP")
    for field in BOOSTS._fields:
        # Twice, because the client takes one wrapping off and milvus-lite ignores what has none.
        parameters = {"params": {"bm25_k1": 1.2, "bm25_b": 0.75}}
        indexes.add_index(f"{field}_bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=parameters)
    return schema, indexes


def row(passage: IndexedPassage, vector: NDArray[np.float32]) -> dict[str, Any]:
    """Return a passage's row; an article without a date has the day 0."""
    return {
        "key": passage.key,
        "vector": vector,
        "body": _terms(passage.text, passage.language),
        "title": _terms(passage.title, passage.language),
        "article": _digest(passage.article_id),
        "source": "" if passage.source is None else _digest(passage.source),
        "authors": [_digest(author) for author in passage.authors[:_MAX_AUTHORS]],
        "published": passage.published.toordinal() if passage.published else 0,
    }


def _terms(text: str, language: str | None) -> str:
    """Return the terms of a text, separated by spaces, as far as Milvus stores them."""
    return " ".join(stems(text, language)).encode()[:_MAX_BYTES].decode(errors="ignore")


def passing(filters: Filters | None, without: Iterable[int] = ()) -> str:
    """Return the expression of the passages that pass the filters, without those with some keys."""
    filters = filters or Filters()
    conditions = []
    if removed := list(without):
        conditions.append(f"key not in {removed}")
    for values, test in (
        (filters.article_ids, "article in {}"),
        (filters.sources, "source in {}"),
        (filters.authors, "array_contains_any(authors, {})"),
    ):
        if values is not None:
            conditions.append(test.format(json.dumps([_digest(value) for value in values])) if values else _NOTHING)
    if filters.published_after is not None or filters.published_before is not None:
        first = (filters.published_after or date.min).toordinal()
        last = (filters.published_before or date.max).toordinal()
        conditions.append(f"published >= {first} and published <= {last}")
    return " and ".join(conditions)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:_DIGEST]
