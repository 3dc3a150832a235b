"""Transactions: changes of a library's database that are stored together or not at all."""

import json
from collections.abc import Iterable, Sequence
from secrets import randbits
from typing import Any

import numpy as np

from embeddings.errors import ArticleNotFound
from embeddings.storage.connection import SqlConnection
from embeddings.storage.near_duplicates import record_near_duplicates
from embeddings.storage.pieces import PIECE_LENGTH, pieces
from embeddings.storage.schema import PARTS_OF_ARTICLES
from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Article
from embeddings.text.passage import EncodedPassage, json_of_spans, pack_spans

_PUT_ARTICLE = (
    "INSERT INTO articles"
    " (id, generation, revision, title, url, source, published, language, sections, metadata, characters, authors,"
    " lists, code)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " generation = excluded.generation, revision = excluded.revision, title = excluded.title, url = excluded.url,"
    " source = excluded.source, published = excluded.published, language = excluded.language,"
    " sections = excluded.sections, metadata = excluded.metadata, characters = excluded.characters,"
    " authors = excluded.authors, lists = excluded.lists, code = excluded.code RETURNING seq"
)


class Transaction(Snapshot):
    """The next state of the database, with its own generation and token.

    The keys of deleted passages are kept with the generation, so that an index can be brought up to date.
    """

    def __init__(self, connection: SqlConnection) -> None:
        super().__init__(connection)
        self.generation, self.token = self.generation + 1, randbits(63)
        self.rows("UPDATE meta SET generation = ?", self.generation)
        self.rows("INSERT INTO transactions VALUES (?, ?)", self.generation, self.token)

    def put(self, article: Article, passages: Sequence[EncodedPassage]) -> bool:
        """Store an article with its passages and vectors. Return True if it replaces an article with the same id."""
        row = self.row("SELECT seq FROM articles WHERE id = ?", article.id)
        if row:
            self._delete_text(row[0])
        (seq,) = self.rows(
            _PUT_ARTICLE,
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
            json.dumps(article.authors),
            json_of_spans(article.lists),
            json_of_spans(article.code),
        ).fetchall()[0]
        self._connection.executemany(
            "INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)", ((seq, *piece) for piece in pieces(article.text))
        )
        if article.pages:
            self._connection.executemany(
                "INSERT INTO places VALUES (?, ?, ?)",
                (
                    (seq, number, article.pages.cut(start, start + PIECE_LENGTH).packed)
                    for number, start in enumerate(range(0, len(article.text), PIECE_LENGTH))
                ),
            )
        if article.original is not None:
            self.rows("INSERT INTO originals VALUES (?, ?)", seq, article.original)
        self._connection.executemany(
            'INSERT INTO passages (article, start, "end", digest, vector, sentences) VALUES (?, ?, ?, ?, ?, ?)',
            (
                (
                    *(seq, span.start, span.end, digest),
                    *(np.ascontiguousarray(vector, "<f4").tobytes(), pack_spans(sentences, span.start)),
                )
                for span, digest, vector, sentences in passages
            ),
        )
        record_near_duplicates(self._connection, seq, article.text)
        self.rows("DELETE FROM pending WHERE article = ?", seq)
        return row is not None

    def record_runtime(self, runtime: str) -> None:
        """Record what computed vectors."""
        self.rows("INSERT INTO runtimes VALUES (?) ON CONFLICT DO NOTHING", runtime)

    def delete(self, article_id: str) -> None:
        """Delete an article with its passages and vectors.

        Raises:
            ArticleNotFound: There is no article with this id.
        """
        row = self.row("SELECT seq FROM articles WHERE id = ?", article_id)
        if row is None:
            raise ArticleNotFound(article_id)
        self._delete_text(*row)
        self.rows("DELETE FROM articles WHERE seq = ?", *row)

    def change_encoder(self, encoder: str) -> None:
        """Store the fingerprint of another encoder, and mark every article as to be embedded again."""
        self.rows("UPDATE meta SET encoder = ?", encoder)
        self.rows("DELETE FROM runtimes")
        self.rows("INSERT INTO pending SELECT seq FROM articles WHERE true ON CONFLICT DO NOTHING")

    def embed_again(self, seq: int) -> None:
        """Delete the passages of an article and mark it as to be embedded again."""
        self._delete_passages("article = ?", seq)
        self.rows("INSERT INTO pending VALUES (?) ON CONFLICT DO NOTHING", seq)

    def delete_orphans(self) -> None:
        """Delete the rows of articles that do not exist."""
        for table in PARTS_OF_ARTICLES:
            self.rows(f"DELETE FROM {table} WHERE article NOT IN (SELECT seq FROM articles)")  # noqa: S608  our own names
        self._delete_passages("article NOT IN (SELECT seq FROM articles)")

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows of another database as they are."""
        marks = ", ".join("?" * len(columns.split(", ")))
        self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608

    def continue_keys(self) -> None:
        """Number what is added from now on after everything that was ever added, as far as the rows tell."""
        for table, column, most in (
            ("articles", "seq", "SELECT max(seq) FROM articles"),
            ("passages", "key", "SELECT max(key) FROM (SELECT key FROM passages UNION SELECT key FROM removals) k"),
        ):
            (last,) = self.row(most)
            if last and self.is_sqlite:
                self.rows("DELETE FROM sqlite_sequence WHERE name = ?", table)
                self.rows("INSERT INTO sqlite_sequence VALUES (?, ?)", table, last)
            elif last:
                self.rows(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), ?)", last)

    def _delete_text(self, seq: int) -> None:
        for table in ("pieces", "places", "originals"):
            self.rows(f"DELETE FROM {table} WHERE article = ?", seq)  # noqa: S608  our own names
        self._delete_passages("article = ?", seq)

    def _delete_passages(self, where: str, *values: int) -> None:
        self.rows(f"INSERT INTO removals SELECT key, ? FROM passages WHERE {where}", self.generation, *values)  # noqa: S608
        self.rows(f"DELETE FROM passages WHERE {where}", *values)  # noqa: S608
