"""The schema of the BM25 index: tantivy's fields, documents and queries for passages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import FieldType, Occur, Query

from embeddings.filters import Filters
from embeddings.text.passage import IndexedPassage
from embeddings.text.terms import ANALYSIS, ENGLISH, stemmed_in, stems, terms

SCHEMA = (
    tantivy.SchemaBuilder()
    .add_unsigned_field("key", indexed=True, fast=True)
    .add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    .add_text_field("title", tokenizer_name="whitespace", index_option="freq")
    .add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    .add_text_field("source", tokenizer_name="raw", index_option="basic")
    .add_text_field("author", tokenizer_name="raw", index_option="basic")
    .add_text_field("language", tokenizer_name="raw", index_option="basic")
    .add_integer_field("published", indexed=True, fast=True)
    .build()
)

# The index stores this, too, and is rebuilt when it changes.
RECIPE = f"{ANALYSIS}; with authors"


class Boosts(NamedTuple):
    """The factor by which a field's BM25 score is multiplied."""

    body: float = 1.0
    title: float = 0.5


BOOSTS = Boosts()
_MANY_KEYS = 256  # up to so many, single terms are faster than a set, which reads through all keys of a segment

PassageReader = Callable[[int, int], Iterable[IndexedPassage]]
"""Reads the passages with keys from the first to the last argument, in the order of the keys."""


def open_tantivy(path: Path | None = None) -> tantivy.Index:
    """Open or create tantivy's index in a folder, or create one in memory."""
    index = tantivy.Index(SCHEMA, path=None if path is None else str(path))
    index.config_reader("manual")  # it is reloaded explicitly; no thread watches the folder
    index.reload()
    return index


def add_passages(writer: Any, read: PassageReader, first: int, last: int) -> int:
    """Add the passages with keys from ``first`` to ``last`` with tantivy's writer and return their number."""
    count = 0
    for passage in read(first, last):
        writer.add_document(_document(passage))
        count += 1
    return count


def any_term(query: str, boosts: Boosts, languages: Iterable[str]) -> Query:
    """Return a query for the passages that contain any term of a text, in the body or the title.

    Args:
        query: The text.
        boosts: The weights of the fields.
        languages: The languages besides English in whose stems passages are stored.
    """
    return Query.boolean_query(
        [
            (Occur.Should, Query.boost_query(Query.term_query(SCHEMA, field, term, "freq"), boost))
            for term in terms(query, languages)
            for field, boost in boosts._asdict().items()
            if boost
        ]
    )


def keys_in(keys: Sequence[int]) -> Query:
    """Return a query for the passages with these keys."""
    if len(keys) > _MANY_KEYS:
        return Query.term_set_query(SCHEMA, "key", list(keys))
    return Query.boolean_query([(Occur.Should, Query.term_query(SCHEMA, "key", key, "basic")) for key in keys])


def filter_queries(filters: Filters) -> Iterator[Query]:
    """Yield a query for each filter."""
    if filters.article_ids is not None:
        yield Query.term_set_query(SCHEMA, "article_id", filters.article_ids)
    if filters.sources is not None:
        yield Query.term_set_query(SCHEMA, "source", filters.sources)
    if filters.authors is not None:
        yield Query.term_set_query(SCHEMA, "author", filters.authors)
    if filters.published_after is not None or filters.published_before is not None:
        first = (filters.published_after or date.min).toordinal()
        last = (filters.published_before or date.max).toordinal()
        yield Query.range_query(SCHEMA, "published", FieldType.Integer, first, last)


def _document(passage: IndexedPassage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("key", passage.key)
    document.add_text("body", " ".join(stems(passage.text, passage.language)))
    document.add_text("title", " ".join(stems(passage.title, passage.language)))
    if (language := stemmed_in(passage.language)) != ENGLISH:
        document.add_text("language", language)
    document.add_text("article_id", passage.article_id)
    if passage.source is not None:
        document.add_text("source", passage.source)
    for author in passage.authors:
        document.add_text("author", author)
    if passage.published is not None:
        document.add_integer("published", passage.published.toordinal())
    return document
