"""Snapshots: one state of a library's database, whatever is written meanwhile."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from embeddings.filters import Filters
from embeddings.metadata_filter import parse_conditions
from embeddings.storage.connection import SqlConnection
from embeddings.storage.database_errors import damage_in, damaged, vector_fault
from embeddings.storage.pieces import Piece, excerpt, piece_numbers
from embeddings.storage.state import EMPTY_STATE, State
from embeddings.text.article import Article, Entry, Excerpt, Span, article_id
from embeddings.text.page_map import PageMap
from embeddings.text.passage import IndexedPassage, StoredPassage, spans_of_json, unpack_spans
from embeddings.text.urls import canonical_url, same_page

_ENTRY_FIELDS = ("id", "revision", "title", "url", "source", "published", "language", "authors", "metadata")
_ENTRIES = f"SELECT seq, characters, {', '.join(_ENTRY_FIELDS)} FROM articles"  # noqa: S608  our own names
_PASSAGES = (
    'SELECT p.key, a.id, a.revision, p.start, p."end", p.sentences FROM passages p JOIN articles a ON a.seq = p.article'
)
_PIECES = (
    "SELECT number, utf16, paragraphs, begins, text FROM pieces WHERE article = ? AND number BETWEEN ? AND ? ORDER BY 1"
)
_TEXTS = "SELECT text FROM pieces WHERE article = ? ORDER BY number"
_PLACES = "SELECT words FROM places WHERE article = ? AND number BETWEEN ? AND ? ORDER BY number"
_LAST_PIECE = 2**62
_Spans = tuple[Span, ...]


class ArticleSummary(NamedTuple):
    """An article without its text, but with the length of the text and the number of passages."""

    article: Entry
    characters: int
    passages: int


class Snapshot:
    """One state of the database.

    Every transaction has a number, the generation, and a random token. An index knows the state that it was made from,
    and can ask which passages were added and removed since.
    """

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection
        meta = self.rows("SELECT library, encoder, generation FROM meta").fetchall()
        if [tuple(map(type, row)) for row in meta] != [(str, str, int)]:
            raise damaged("the table meta does not say what the library is")
        self.library, self.encoder, self.generation = meta[0]
        token = self._token(self.generation)
        self.token: int = EMPTY_STATE.token if token is None else token

    @property
    def is_sqlite(self) -> bool:
        """True if SQLite keeps the database, which has its own checks."""
        return isinstance(self._connection, sqlite3.Connection)

    @property
    def state(self) -> State:
        """The generation and token of the last transaction."""
        return State(self.generation, self.token)

    def descends_from(self, state: State) -> bool:
        """Return True if this state resulted from another one. Every state did so from the empty one."""
        return state == EMPTY_STATE or self._token(state.generation) == state.token

    def article(self, article_id: str) -> Article | None:
        """Return the article with an id, or None."""
        row = self.row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._article(row)

    def articles(self, limit: int, after: int = 0) -> list[tuple[int, Article]]:
        """Return up to ``limit`` articles in the order in which they were added, each with its sequence number.

        Args:
            limit: The most articles to return.
            after: Begin with the first article that has a higher sequence number.
        """
        rows = self.rows(_ENTRIES + " WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return [(row[0], self._article(row)) for row in rows]

    def summary(self, article_id: str) -> ArticleSummary | None:
        """Return the article with an id without its text, or None."""
        row = self.row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._summary(row)

    def summaries(
        self, limit: int, after: int = 0, query: str = "", *, newest_first: bool = False
    ) -> list[tuple[int, ArticleSummary]]:
        """Return the same articles as :meth:`articles` without their texts, only those that match the query.

        With ``newest_first`` the order is turned round, and they begin with the first that has a lower number.
        """
        words = _folded(query).split()
        if newest_first:
            rows = self.rows(_ENTRIES + " WHERE ?1 = 0 OR seq < ?1 ORDER BY seq DESC", after)
        else:
            rows = self.rows(_ENTRIES + " WHERE seq > ? ORDER BY seq", after)
        found = (row for row in rows if not words or _matches(_entry(row), words))
        return [(row[0], self._summary(row)) for row in islice(found, limit)]

    def with_stored_id(self, article: Article) -> Article:
        """Return the article with the id that it has, or will have, in this library.

        That is its own id unless an earlier version, which took some different pages for the same, stored otherwise: an
        article whose exact URL is stored keeps the stored id, and one whose own id belongs to another page gets a new
        one.
        """
        if article.url is None:
            return article
        row = self.row("SELECT id FROM articles WHERE url = ? ORDER BY id != ? LIMIT 1", article.url, article.id)
        if row is None:
            same_id = self.row("SELECT url FROM articles WHERE id = ?", article.id)
            if same_id is None or same_page(same_id[0], article.url):
                return article
            row = (article_id("page", canonical_url(article.url)),)
        return article.model_copy(update={"id": row[0]})

    def find_unchanged(self, article: Article) -> ArticleSummary | None:
        """Return the stored article that adding this one would not change, or None.

        That is the article with the same id if it is equal; or, if there is none and the article has no URL, the same
        article from a file with another name.
        """
        row = self.row(_ENTRIES + " WHERE id = ?", article.id)
        if row is None and article.url is None:
            row = self.row(
                _ENTRIES + " WHERE revision = ? AND title = ? AND url IS NULL AND source IS NOT DISTINCT FROM ?"
                " AND published IS NOT DISTINCT FROM ? AND language IS NOT DISTINCT FROM ? LIMIT 1",
                article.revision,
                article.title,
                article.source,
                article.published and article.published.isoformat(),
                article.language,
            )
            return None if row is None else self._summary(row)
        if row is None or not _is_equal(_entry(row), article.entry):
            return None
        is_same = self._structure(row[0]) == (article.sections, article.lists, article.code)
        return self._summary(row) if is_same and self._pages(row[0]) == article.pages else None

    def excerpt(self, article_id: str, span: Span) -> Excerpt | None:
        """Return a span's text and position, or None if there is no such article. Only that part of it is read."""
        row = self.row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._excerpt(row, span)

    def original(self, article_id: str) -> bytes | None:
        """Return the file with the pages of an article, or None if none is kept."""
        row = self.row("SELECT file FROM originals JOIN articles ON seq = article WHERE id = ?", article_id)
        return None if row is None else bytes(row[0])

    def passages(self, article_id: str) -> list[StoredPassage]:
        """Return the passages of an article in the order of its text; an empty list if there is no such article."""
        rows = self.rows(_PASSAGES + " WHERE a.id = ? ORDER BY p.start, p.key", article_id)
        return [_passage(row) for row in rows]

    def passages_with_excerpts(self, keys: Sequence[int]) -> dict[int, tuple[StoredPassage, Excerpt]]:
        """Return the passages with these keys, those that exist, with their texts."""
        rows = self.rows(
            'SELECT key, article, start, "end", sentences FROM passages'
            " WHERE key IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            json.dumps(keys),
        ).fetchall()
        articles = {seq: self.row(_ENTRIES + " WHERE seq = ?", seq) for seq in {row[1] for row in rows}}
        found = {}
        for key, seq, start, end, sentences in rows:
            cut = self._excerpt(articles[seq], Span(start=start, end=end))
            found[key] = _passage((key, cut.article.id, cut.article.revision, start, end, sentences)), cut
        return found

    @cached(LRUCache(16), lambda snapshot, filters: (snapshot.library, snapshot.state, filters), Lock())
    def keys_matching(self, filters: Filters) -> NDArray[np.int64]:
        """Return the keys of all passages whose article passes the filters, in ascending order: not to be changed."""
        matching = None if filters.metadata is None else json.dumps(self._articles_with(filters.metadata))
        rows = self.rows(
            "SELECT key FROM passages WHERE article IN (SELECT seq FROM articles"
            " WHERE (CAST(?1 AS TEXT) IS NULL OR id IN (SELECT value FROM json_each(?1)))"
            " AND (CAST(?2 AS TEXT) IS NULL OR source IN (SELECT value FROM json_each(?2)))"
            " AND (CAST(?3 AS TEXT) IS NULL OR published >= ?3) AND (CAST(?4 AS TEXT) IS NULL OR published <= ?4)"
            " AND (CAST(?5 AS TEXT) IS NULL"
            " OR EXISTS (SELECT 1 FROM json_each(authors) a JOIN json_each(?5) f ON a.value = f.value))"
            " AND (CAST(?6 AS TEXT) IS NULL OR seq IN (SELECT CAST(value AS BIGINT) FROM json_each(?6)))"
            ") ORDER BY key",
            None if filters.article_ids is None else json.dumps(filters.article_ids),
            None if filters.sources is None else json.dumps(filters.sources),
            filters.published_after and filters.published_after.isoformat(),
            filters.published_before and filters.published_before.isoformat(),
            None if filters.authors is None else json.dumps(filters.authors),
            matching,
        )
        return np.fromiter((key for (key,) in rows), np.int64)

    def copies(self, article: Entry) -> list[int]:
        """Return the keys of the passages of an article, in any version, and of all articles with the same text."""
        rows = self.rows(
            "SELECT key FROM passages WHERE article IN (SELECT seq FROM articles WHERE revision = ? OR id = ?)",
            article.revision,
            article.id,
        )
        return [key for (key,) in rows]

    def vectors(self, article_id: str) -> NDArray[np.float32]:
        """Return the vectors of an article's passages, of shape (n, dimension)."""
        rows = self.rows(
            "SELECT vector FROM passages WHERE article = (SELECT seq FROM articles WHERE id = ?)", article_id
        )
        return np.stack([np.frombuffer(vector, "<f4") for (vector,) in rows])

    def first_of_each_article(self, keys: Sequence[int]) -> list[int]:
        """Return the keys of passages without those of an article that has one before."""
        select = "SELECT key, article FROM passages WHERE key IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
        articles = dict(self.rows(select, json.dumps(keys)).fetchall())
        first = {articles[key]: key for key in reversed(keys)}
        return [key for key in keys if first[articles[key]] == key]

    def existing(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return a mask of the keys for which there is a passage."""
        select = "SELECT key FROM passages WHERE key IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
        rows = self.rows(select, str(keys.tolist()))
        return np.isin(keys, np.fromiter((key for (key,) in rows), np.int64))

    def vectors_by_digest(self, digests: Sequence[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
        """Return the stored vectors of texts with these digests; texts without a vector are left out."""
        select = "SELECT vector FROM passages WHERE digest = ? AND length(vector) = ? LIMIT 1"
        rows = ((digest, self.row(select, digest, 4 * dimension)) for digest in set(digests))
        return {digest: np.frombuffer(row[0], "<f4") for digest, row in rows if row is not None}

    def keys_removed_since(self, generation: int) -> list[int]:
        """Return the keys of the passages that were removed after a generation."""
        return [key for (key,) in self.rows("SELECT key FROM removals WHERE generation > ?", generation)]

    def keys_added_since(self, generation: int) -> NDArray[np.int64]:
        """Return the keys of the passages that were added after a generation, in ascending order."""
        # CROSS JOIN makes SQLite read the few articles first, instead of every passage in the order of the keys.
        rows = self.rows(
            "SELECT p.key FROM articles a CROSS JOIN passages p ON p.article = a.seq WHERE a.generation > ?", generation
        )
        return np.sort(np.fromiter((key for (key,) in rows), np.int64))

    def vectors_of(self, keys: NDArray[np.int64], dimension: int) -> NDArray[np.float32]:
        """Return the vectors of passages that exist, of shape (n, dimension), given their keys in ascending order.

        Raises:
            LibraryUnreadable: A vector does not have this dimension.
        """
        rows = self.rows(
            "SELECT key, vector FROM passages"
            " WHERE key IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY key",
            json.dumps(keys.tolist()),
        ).fetchall()
        for key, vector in rows:
            if fault := vector_fault(vector, dimension):
                raise damaged(f"passage {key}: {fault}")
        return np.frombuffer(b"".join(vector for _, vector in rows), "<f4").reshape(len(rows), dimension)

    def keys_after(self, key: int) -> list[int]:
        """Return the keys above a key, in ascending order."""
        return [key for (key,) in self.rows("SELECT key FROM passages WHERE key > ? ORDER BY key", key)]

    def indexed_passages(self, first: int, last: int) -> Iterator[IndexedPassage]:
        """Yield the passages with keys from ``first`` to ``last``, in the order of the keys."""
        between = 'SELECT article, key, start, "end" FROM passages WHERE key BETWEEN ? AND ? ORDER BY key'
        for seq, group in groupby(self.rows(between, first, last), itemgetter(0)):
            yield from self._indexed_passages(seq, [row[1:] for row in group])

    def count_passages(self) -> int:
        """Return the number of passages."""
        return self.counts()[1]

    def runtimes(self) -> list[str]:
        """Return what has computed vectors, with its precision, as far as that is known."""
        return [name for (name,) in self.rows("SELECT name FROM runtimes ORDER BY name")]

    def counts(self) -> tuple[int, int]:
        """Return the number of articles and the number of passages."""
        articles, passages = self.row("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
        return articles, passages

    def pending(self) -> list[str]:
        """Return the ids of the articles that are to be embedded again, in the order in which they were added."""
        rows = self.rows("SELECT id FROM pending CROSS JOIN articles ON seq = article ORDER BY article")
        return [id_ for (id_,) in rows]

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [name for name, *_ in self.rows(f"SELECT * FROM {table} LIMIT 0").description]  # noqa: S608  our own names

    def rows(self, sql: str, *values: Any) -> Any:
        """Execute a statement and return its rows."""
        return self._connection.execute(sql, values)

    def row(self, sql: str, *values: Any) -> Any:
        """Execute a statement and return its first row, or None."""
        return self.rows(sql, *values).fetchone()

    def _articles_with(self, conditions: str) -> list[int]:
        """Return the sequence numbers of the articles whose metadata meets a filter's conditions."""
        parsed = parse_conditions(conditions)
        found = []
        for seq, metadata in self.rows("SELECT seq, metadata FROM articles"):
            with damage_in(f"article {seq}"):
                values = json.loads(metadata)
            if all(condition.passes(values) for condition in parsed):
                found.append(seq)
        return found

    def _token(self, generation: int) -> int | None:
        row = self.row("SELECT token FROM transactions WHERE generation = ?", generation)
        return row[0] if row else None

    def _article(self, row: Sequence[Any]) -> Article:
        entry = _entry(row)
        with damage_in(f"article {entry.id}"):
            text, (sections, lists, code), pages = self._text(row[0]), self._structure(row[0]), self._pages(row[0])
            return Article(**dict(entry), text=text, sections=sections, lists=lists, code=code, pages=pages)

    def _text(self, seq: int) -> str:
        return "".join(piece for (piece,) in self.rows(_TEXTS, seq))

    def _structure(self, seq: int, within: Span | None = None) -> tuple[tuple[int, ...], _Spans, _Spans]:
        sections, lists, code = self.row("SELECT sections, lists, code FROM articles WHERE seq = ?", seq)
        return tuple(json.loads(sections)), spans_of_json(lists, within), spans_of_json(code, within)

    def _pages(self, seq: int, first: int = 0, last: int = _LAST_PIECE) -> PageMap:
        return PageMap(packed=b"".join(words for (words,) in self.rows(_PLACES, seq, first, last)))

    def _summary(self, row: Sequence[Any]) -> ArticleSummary:
        (passages,) = self.row("SELECT count(*) FROM passages WHERE article = ?", row[0])
        return ArticleSummary(_entry(row), row[1], passages)

    def _excerpt(self, row: Sequence[Any], span: Span) -> Excerpt:
        first, last = piece_numbers(span)
        pieces = self.rows(_PIECES, row[0], first, last)
        # A word that overlaps the span's start may begin in the piece before.
        boxes = self._pages(row[0], first - 1, last).boxes(span.start, span.end)
        also = self.rows(
            "SELECT id FROM near_duplicates JOIN articles ON seq = other WHERE article = ? ORDER BY seq", row[0]
        )
        _, lists, code = self._structure(row[0], span)
        cut = excerpt(_entry(row), span, [Piece(*piece) for piece in pieces])
        return cut._replace(boxes=tuple(boxes), also=tuple(id_ for (id_,) in also), lists=lists, code=code)

    def _indexed_passages(self, seq: int, spans: Sequence[tuple[int, int, int]]) -> Iterator[IndexedPassage]:
        """Yield passages of one article, given their keys, starts and ends."""
        row = self.row("SELECT title, id, source, published, authors, language FROM articles WHERE seq = ?", seq)
        if row is None:  # damage that `find_faults` reports
            return
        title, article_id, source, published, authors, language = row
        with damage_in(f"article {article_id}"):
            if not all(isinstance(value, str) for value in (title, article_id, source or "", language or "")):
                raise TypeError("its title, id, source or language is not text")
            day = None if published is None else date.fromisoformat(published)
            text, names = self._text(seq), tuple(json.loads(authors))
            for key, start, end in spans:
                yield IndexedPassage(key, text[start:end], title, article_id, source, day, names, language)


def _entry(row: Sequence[Any]) -> Entry:
    *fields, authors, metadata = row[2:]
    with damage_in(f"article {fields[0]}"):
        return Entry(**dict(zip(_ENTRY_FIELDS, (*fields, json.loads(authors), json.loads(metadata)), strict=True)))


def _matches(entry: Entry, words: Sequence[str]) -> bool:
    """Return True if an article's title, source and authors together have each of the words."""
    told = _folded(" ".join([entry.title, entry.source or "", *entry.authors]))
    return all(word in told for word in words)


def _folded(text: str) -> str:
    """Return a text without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def _is_equal(stored: Entry, entry: Entry) -> bool:
    """Return True if two entries are equal, apart from the name of an uploaded file."""
    if "file_name" in stored.metadata and "file_name" in entry.metadata:
        metadata = {**entry.metadata, "file_name": stored.metadata["file_name"]}
        entry = entry.model_copy(update={"metadata": metadata})
    return stored == entry


def _passage(row: Sequence[Any]) -> StoredPassage:
    key, article_id, revision, start, end, sentences = row
    with damage_in(f"passage {key}"):
        return StoredPassage.create(key, article_id, revision, start, end, sentences=unpack_spans(sentences, start))
