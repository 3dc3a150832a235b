"""One state of a library's database, and the making of the next.

Every transaction has a number, the generation, and a random token; removed keys are kept with their generation, so that
an index which knows its own state can ask for what it missed.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from operator import itemgetter
from secrets import randbits
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from embeddings.errors import ArticleNotFound, LibraryUnreadable
from embeddings.filters import Filters
from embeddings.storage.pieces import Piece, excerpt, numbers, pieces
from embeddings.storage.state import EMPTY, State
from embeddings.text.address import canonical, same_page
from embeddings.text.article import Article, Entry, Excerpt, Span, article_id
from embeddings.text.passage import EncodedPassage, Indexed, StoredPassage, packed, unpacked

_ENTRY = ("id", "revision", "title", "url", "source", "published", "language", "metadata")
_ENTRIES = "SELECT seq, characters, id, revision, title, url, source, published, language, metadata FROM articles"
_PASSAGES = (
    'SELECT p.key, a.id, a.revision, p.start, p."end", p.sentences FROM passages p JOIN articles a ON a.seq = p.article'
)
_PUT = (
    "INSERT INTO articles"
    " (id, generation, revision, title, url, source, published, language, sections, metadata, characters)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " generation = excluded.generation, revision = excluded.revision, title = excluded.title, url = excluded.url,"
    " source = excluded.source, published = excluded.published, language = excluded.language,"
    " sections = excluded.sections, metadata = excluded.metadata, characters = excluded.characters RETURNING seq"
)


class Listed(NamedTuple):
    """An article without its text, how long that is, and how many passages it was cut into."""

    article: Entry
    characters: int
    passages: int


class Snapshot:
    """One state of the database, whatever is written meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        meta = self.rows("SELECT library, encoder, generation FROM meta").fetchall()
        if [tuple(map(type, row)) for row in meta] != [(str, str, int)]:
            raise damaged("the table meta does not say what the library is")
        self.library, self.encoder, self.generation = meta[0]
        row = self._row("SELECT token FROM transactions WHERE generation = ?", self.generation)
        self.token: int = row[0] if row else EMPTY.token

    @property
    def state(self) -> State:
        """Which state it is, to be asked for what came since."""
        return State(self.generation, self.token)

    def follows(self, state: State) -> bool:
        """Whether this state came about from that one, which every state did from the empty one."""
        token = self._row("SELECT token FROM transactions WHERE generation = ?", state.generation)
        return state == EMPTY or token == (state.token,)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, if there is one."""
        row = self._row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._article(row)

    def articles(self, limit: int, after: int = 0) -> list[tuple[int, Article]]:
        """Up to ``limit`` articles behind the place ``after``, in order of arrival, each with its place."""
        rows = self.rows(_ENTRIES + " WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return [(row[0], self._article(row)) for row in rows]

    def entry(self, article_id: str) -> Listed | None:
        """The article with this id, if there is one, without its text."""
        row = self._row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._listed(row)

    def entries(self, limit: int, after: int = 0) -> list[tuple[int, Listed]]:
        """The same articles as :meth:`articles` gives, without their texts."""
        rows = self.rows(_ENTRIES + " WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return [(row[0], self._listed(row)) for row in rows]

    def placed(self, article: Article) -> Article:
        """The article under the id that it has here, or will have.

        That is its own, but for what an earlier version put here: it took some pages for one. An article whose URL as
        given is here keeps that one's id, and one whose own id is another page's takes another.
        """
        if article.url is None:
            return article
        row = self._row("SELECT id FROM articles WHERE url = ? ORDER BY id != ? LIMIT 1", article.url, article.id)
        if row is None:
            taken = self._row("SELECT url FROM articles WHERE id = ?", article.id)
            if taken is None or same_page(taken[0], article.url):
                return article
            row = (article_id("page", canonical(article.url)),)
        return article.model_copy(update={"id": row[0]})

    def unchanged(self, article: Article) -> Listed | None:
        """What is here already, so that adding the article would change nothing.

        That is itself; or, where it has no URL and its place is new, the same file under another name.
        """
        row = self._row(_ENTRIES + " WHERE id = ?", article.id)
        if row is None and article.url is None:
            row = self._row(
                _ENTRIES + " WHERE revision = ? AND title = ? AND url IS NULL AND source IS ? AND published IS ?"
                " AND language IS ? LIMIT 1",
                article.revision,
                article.title,
                article.source,
                article.published and article.published.isoformat(),
                article.language,
            )
            return None if row is None else self._listed(row)
        if row is None or not _same(_entry(row), article.entry) or self._sections(row) != article.sections:
            return None
        return self._listed(row)

    def excerpt(self, article_id: str, span: Span) -> Excerpt | None:
        """The characters of a span, read from the pieces that hold them; None when there is no such article."""
        row = self._row(_ENTRIES + " WHERE id = ?", article_id)
        return None if row is None else self._excerpt(row, span)

    def passages(self, article_id: str) -> list[StoredPassage]:
        """The article's passages in the order of its text; none when there is no such article."""
        rows = self.rows(_PASSAGES + " WHERE a.id = ? ORDER BY p.start, p.key", article_id)
        return [_passage(row) for row in rows]

    def hits(self, keys: Sequence[int]) -> dict[int, tuple[StoredPassage, Excerpt]]:
        """The passages with these keys and what they cut; a key that is gone is not in the result."""
        rows = self.rows(
            'SELECT key, article, start, "end", sentences FROM passages WHERE key IN (SELECT value FROM json_each(?))',
            json.dumps(keys),
        ).fetchall()
        articles = {seq: self._row(_ENTRIES + " WHERE seq = ?", seq) for seq in {row[1] for row in rows}}
        cut = {row[0]: self._excerpt(articles[row[1]], Span(start=row[2], end=row[3])) for row in rows}
        return {
            key: (_passage((key, cut[key].article.id, cut[key].article.revision, start, end, sentences)), cut[key])
            for key, _, start, end, sentences in rows
        }

    def keys(self, filters: Filters) -> NDArray[np.int64]:
        """Keys of all passages whose article passes the filters, ascending."""
        rows = self.rows(
            "SELECT key FROM passages WHERE article IN (SELECT seq FROM articles"
            " WHERE (?1 IS NULL OR id IN (SELECT value FROM json_each(?1)))"
            " AND (?2 IS NULL OR source IN (SELECT value FROM json_each(?2)))"
            " AND (?3 IS NULL OR published >= ?3) AND (?4 IS NULL OR published <= ?4)) ORDER BY key",
            None if filters.article_ids is None else json.dumps(filters.article_ids),
            None if filters.sources is None else json.dumps(filters.sources),
            filters.published_after and filters.published_after.isoformat(),
            filters.published_before and filters.published_before.isoformat(),
        )
        return np.fromiter((key for (key,) in rows), np.int64)

    def there(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the keys are passages."""
        found = self.rows("SELECT key FROM passages WHERE key IN (SELECT value FROM json_each(?))", str(keys.tolist()))
        return np.isin(keys, np.fromiter((key for (key,) in found), np.int64))

    def known(self, digests: Sequence[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
        """The vectors of those texts, by digest, that were encoded before."""
        one = "SELECT vector FROM passages WHERE digest = ? AND length(vector) = ? LIMIT 1"
        found = ((digest, self._row(one, digest, 4 * dimension)) for digest in set(digests))
        return {digest: np.frombuffer(row[0], "<f4") for digest, row in found if row is not None}

    def removed_since(self, generation: int) -> list[int]:
        """Keys that were taken out after that generation."""
        return [key for (key,) in self.rows("SELECT key FROM removals WHERE generation > ?", generation)]

    def vectors_since(self, generation: int, dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Keys, ascending, and vectors, of shape (n, dimension), that came after that generation."""
        # CROSS: the few articles first. Otherwise SQLite reads every passage there is, to have them in order.
        rows = sorted(
            self.rows(
                "SELECT p.key, p.vector FROM articles a CROSS JOIN passages p ON p.article = a.seq"
                " WHERE a.generation > ?",
                generation,
            )
        )
        for key, vector in rows:
            if not isinstance(vector, bytes) or len(vector) != 4 * dimension:
                raise damaged(f"passage {key}: {no_vector(vector, dimension)}")
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), "<f4").reshape(len(rows), dimension)
        return np.fromiter((key for key, _ in rows), np.int64, len(rows)), vectors

    def keys_after(self, key: int) -> list[int]:
        """Keys above this one, ascending."""
        return [key for (key,) in self.rows("SELECT key FROM passages WHERE key > ? ORDER BY key", key)]

    def indexed(self, first: int, last: int) -> Iterator[Indexed]:
        """What is indexed of the passages that have keys from the first to the last, in the order of the keys."""
        between = 'SELECT article, key, start, "end" FROM passages WHERE key BETWEEN ? AND ? ORDER BY key'
        for seq, group in groupby(self.rows(between, first, last), itemgetter(0)):
            yield from self._indexed(seq, [row[1:] for row in group])

    def count(self) -> int:
        """How many passages there are."""
        return self.counts()[1]

    def counts(self) -> tuple[int, int]:
        """How many articles there are, and how many passages."""
        articles, passages = self._row("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
        return articles, passages

    def pending(self) -> list[str]:
        """Ids of the articles that wait to be embedded again, in order of arrival."""
        rows = self.rows("SELECT id FROM pending CROSS JOIN articles ON seq = article ORDER BY article")
        return [id_ for (id_,) in rows]

    def _article(self, row: Sequence[Any]) -> Article:
        entry = _entry(row)
        with _damage(f"article {entry.id}"):
            texts = self.rows("SELECT text FROM pieces WHERE article = ? ORDER BY number", row[0])
            text = "".join(piece for (piece,) in texts)
            return Article(**dict(entry), text=text, sections=self._sections(row))

    def _indexed(self, seq: int, places: Sequence[tuple[int, int, int]]) -> Iterator[Indexed]:
        entry = self._row("SELECT title, id, source, published FROM articles WHERE seq = ?", seq)
        if entry is None:  # which `faults` tells
            return
        title, article_id, source, published = entry
        with _damage(f"article {article_id}"):
            if not all(isinstance(one, str) for one in (title, article_id, source or "")):
                raise TypeError("its title, id or source is no text")
            day = None if published is None else date.fromisoformat(published)
            pieces = self.rows("SELECT text FROM pieces WHERE article = ? ORDER BY number", seq)
            text = "".join(piece for (piece,) in pieces)
            for key, start, end in places:
                yield Indexed(key, text[start:end], title, article_id, source, day)

    def _sections(self, row: Sequence[Any]) -> tuple[int, ...]:
        return tuple(json.loads(self._row("SELECT sections FROM articles WHERE seq = ?", row[0])[0]))

    def _listed(self, row: Sequence[Any]) -> Listed:
        (passages,) = self._row("SELECT count(*) FROM passages WHERE article = ?", row[0])
        return Listed(_entry(row), row[1], passages)

    def _excerpt(self, row: Sequence[Any], span: Span) -> Excerpt:
        held_by = self.rows(
            "SELECT number, utf16, paragraphs, begins, text FROM pieces"
            " WHERE article = ? AND number BETWEEN ? AND ? ORDER BY number",
            row[0],
            *numbers(span),
        )
        return excerpt(_entry(row), span, [Piece(*piece) for piece in held_by])

    def rows(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """What SQLite answers."""
        return self._connection.execute(sql, values)

    def _row(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values).fetchone()


class Transaction(Snapshot):
    """The next state of the database. All of it is stored when the transaction ends, or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.generation, self.token = self.generation + 1, randbits(63)
        self.rows("UPDATE meta SET generation = ?", self.generation)
        self.rows("INSERT INTO transactions VALUES (?, ?)", self.generation, self.token)

    def put(self, article: Article, passages: Sequence[EncodedPassage]) -> bool:
        """Store an article with its passages and vectors; whether it takes the place of an earlier state of itself."""
        row = self._row("SELECT seq FROM articles WHERE id = ?", article.id)
        if row:
            self._remove_text(row[0])
        (seq,) = self.rows(
            _PUT,
            article.id,
            self.generation,
            article.revision,
            article.title,
            article.url,
            article.source,
            article.published and article.published.isoformat(),
            article.language,
            json.dumps(article.sections),
            json.dumps(dict(article.metadata)),
            len(article.text),
        ).fetchall()[0]
        self._connection.executemany(
            "INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)", ((seq, *piece) for piece in pieces(article.text))
        )
        self._connection.executemany(
            'INSERT INTO passages (article, start, "end", digest, vector, sentences) VALUES (?, ?, ?, ?, ?, ?)',
            (
                (
                    *(seq, span.start, span.end, digest),
                    *(np.ascontiguousarray(vector, "<f4").tobytes(), packed(sentences, span.start)),
                )
                for span, digest, vector, sentences in passages
            ),
        )
        self.rows("DELETE FROM pending WHERE article = ?", seq)
        return row is not None

    def delete(self, article_id: str) -> None:
        """Take an article out, with its passages and vectors.

        Raises:
            ArticleNotFound: there is none with this id.
        """
        row = self._row("SELECT seq FROM articles WHERE id = ?", article_id)
        if row is None:
            raise ArticleNotFound(article_id)
        self._remove_text(*row)
        self.rows("DELETE FROM articles WHERE seq = ?", *row)

    def change_encoder(self, encoder: str) -> None:
        """From now on vectors are another encoder's: every article waits to be embedded again."""
        self.rows("UPDATE meta SET encoder = ?", encoder)
        self.rows("INSERT OR IGNORE INTO pending SELECT seq FROM articles")

    def embed_again(self, article: int) -> None:
        """Let an article wait to be embedded again, without the passages that it has."""
        self._remove_passages("article = ?", article)
        self.rows("INSERT OR IGNORE INTO pending VALUES (?)", article)

    def remove_orphans(self) -> None:
        """Take out what belongs to no article."""
        for table in ("pieces", "pending"):
            self.rows(f"DELETE FROM {table} WHERE article NOT IN (SELECT seq FROM articles)")  # noqa: S608  ours
        self._remove_passages("article NOT IN (SELECT seq FROM articles)")

    def _remove_text(self, article: int) -> None:
        self.rows("DELETE FROM pieces WHERE article = ?", article)
        self._remove_passages("article = ?", article)

    def _remove_passages(self, where: str, *values: int) -> None:
        self.rows(f"INSERT INTO removals SELECT key, ? FROM passages WHERE {where}", self.generation, *values)  # noqa: S608
        self.rows(f"DELETE FROM passages WHERE {where}", *values)  # noqa: S608


def _entry(row: Sequence[Any]) -> Entry:
    *known, metadata = row[2:]
    with _damage(f"article {known[0]}"):
        return Entry(**dict(zip(_ENTRY, (*known, json.loads(metadata)), strict=True)))


def _same(held: Entry, entry: Entry) -> bool:
    """Whether nothing differs, but for the name that an upload had."""
    if "file_name" in held.metadata and "file_name" in entry.metadata:
        named = {**entry.metadata, "file_name": held.metadata["file_name"]}
        entry = entry.model_copy(update={"metadata": named})
    return held == entry


def _passage(row: Sequence[Any]) -> StoredPassage:
    key, article_id, revision, start, end, sentences = row
    with _damage(f"passage {key}"):
        return StoredPassage.create(key, article_id, revision, start, end, sentences=unpacked(sentences, start))


def no_vector(stored: object, dimension: int) -> str:
    """What is wrong with a value that is none."""
    size = f"{len(stored)} bytes" if isinstance(stored, bytes) else "no bytes"
    return f"its vector has {size}, not {4 * dimension}"


def damaged(got: str) -> LibraryUnreadable:
    """The error of a row that this program did not write."""
    return LibraryUnreadable(
        "The library's database is damaged.",
        expected="rows as this program writes them",
        got=got,
        hint="`assistant doctor` names every fault, and `assistant doctor --repair` mends what is derived.",
    )


@contextmanager
def _damage(where: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise damaged(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (ValueError, TypeError, sqlite3.OperationalError) as error:  # JSON, bytes, UTF-8 that is none
        raise damaged(f"{where}: {error}") from error
