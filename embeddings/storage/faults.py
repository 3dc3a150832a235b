"""Faults of a library's database, and the repair of what is derived from the articles' texts."""

import hashlib
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from embeddings.errors import LibraryUnreadable
from embeddings.storage.database_errors import vector_fault
from embeddings.storage.pieces import pieces
from embeddings.storage.schema import STATEMENTS
from embeddings.storage.snapshot import Snapshot
from embeddings.storage.transaction import Transaction
from embeddings.text.article import Article
from embeddings.text.passage import unpack_spans

_REPORTED_FAULTS = 5  # the most faults that a check names
_MAX_NORM_ERROR = 1e-3  # of a unit vector


class Fault(NamedTuple):
    """A fault of the database.

    ``is_derived`` is True if it can be repaired from what is intact. ``article`` is the sequence number of the article
    that has to be embedded again for that, if one has to.
    """

    description: str
    is_derived: bool = False
    article: int | None = None


def check_database(snapshot: Snapshot, dimension: int) -> tuple[str, bool, str]:
    """Return "database", whether it is right, and the first faults, or how many passages it has and by what."""
    faults = [fault.description for fault in islice(find_faults(snapshot, dimension), _REPORTED_FAULTS)]
    vectors = f"vectors by {' and by '.join(snapshot.runtimes()) or 'what is not known'}"
    found = "; ".join(faults) or f"{snapshot.count_passages()} passages, all inside their texts; {vectors}"
    return "database", not faults, found


def find_faults(snapshot: Snapshot, dimension: int) -> Iterator[Fault]:
    """Read the whole database and yield its faults. Rows are not checked if a table or column is missing.

    Args:
        snapshot: The state to check.
        dimension: The number of components of a vector.
    """
    # PostgreSQL checks its own pages, and lets no row in whose article does not exist.
    if snapshot.is_sqlite and not (yield from _faults_of_file(snapshot)):
        return
    for seq, article_id in snapshot.rows("SELECT seq, id FROM articles ORDER BY seq").fetchall():
        try:
            article = snapshot.article(article_id)
        except (LibraryUnreadable, sqlite3.OperationalError) as error:  # the latter for invalid UTF-8
            yield Fault(error.got if isinstance(error, LibraryUnreadable) else f"article {article_id}: {error}")
            continue
        if article is not None:
            yield from _article_faults(snapshot, seq, article, dimension)


def _faults_of_file(snapshot: Snapshot) -> Generator[Fault, None, bool]:
    """Yield what SQLite finds, and return True if every table and column is there."""
    for (text,) in snapshot.rows("PRAGMA integrity_check(5)"):
        if text != "ok":
            yield Fault(f"SQLite says: {text}", is_derived=" index " in text)
    is_complete = True
    for fault in _missing_objects(snapshot):
        is_complete &= fault.is_derived
        yield fault
    if is_complete:
        for table, count in snapshot.rows('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1'):
            yield Fault(f"{count} rows of {table} belong to no article", is_derived=True)
    return is_complete


def repair_derived(transaction: Transaction, faults: Iterable[Fault]) -> None:
    """Rebuild SQLite's indexes, delete orphaned rows and mark the articles of faults as to be embedded again."""
    if transaction.is_sqlite:
        for statement in STATEMENTS:
            if statement.startswith("CREATE INDEX"):
                transaction.rows(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
        transaction.rows("REINDEX")
    transaction.delete_orphans()
    for article in {fault.article for fault in faults if fault.article is not None}:
        transaction.embed_again(article)


def _missing_objects(snapshot: Snapshot) -> Iterator[Fault]:
    """Yield the tables, columns and indexes that a new database has and this one has not."""
    with closing(sqlite3.connect(":memory:")) as new:
        for statement in STATEMENTS:
            new.execute(statement)
        for kind, name in new.execute("SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1, 2"):
            if not snapshot.row("SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?", kind, name):
                yield Fault(f"there is no {kind} {name}", is_derived=kind == "index")
            elif kind == "table":
                select = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
                columns = {column for (column,) in snapshot.rows(select, name)}
                for (column,) in new.execute(select, (name,)):
                    if column not in columns:
                        yield Fault(f"the table {name} has no column {column}")


def _article_faults(snapshot: Snapshot, seq: int, article: Article, dimension: int) -> Iterator[Fault]:
    if hashlib.sha256(article.text.encode()).hexdigest() != article.revision:
        yield Fault(f"article {article.id}: its text is not that of its revision")
        return  # nothing can be derived from a wrong text
    stored = snapshot.rows(
        "SELECT number, utf16, paragraphs, begins, text FROM pieces WHERE article = ? ORDER BY 1", seq
    )
    if [*stored] != [*pieces(article.text)]:
        yield Fault(f"article {article.id}: its text is not split correctly", True, seq)
    (characters,) = snapshot.row("SELECT characters FROM articles WHERE seq = ?", seq)
    if characters != len(article.text):
        yield Fault(
            f"article {article.id}: it has {len(article.text)} characters, but {characters} are recorded", True, seq
        )
    passages = snapshot.rows(
        'SELECT key, start, "end", digest, vector, sentences FROM passages WHERE article = ?', seq
    ).fetchall()
    if not passages:
        yield Fault(f"article {article.id}: it has no passages", True, seq)
    for key, *columns in passages:
        if fault := _passage_fault(article.text, dimension, columns):
            yield Fault(f"article {article.id}, passage {key}: {fault}", True, seq)


def _passage_fault(text: str, dimension: int, columns: Sequence[Any]) -> str | None:
    """Return what is wrong with a passage, or None."""
    start, end, digest, vector, sentences = columns
    is_span = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)
    if not is_span or not text[start:end].strip():
        return f"{start}–{end} is not a part of its text"
    if not isinstance(digest, bytes) or len(digest) != hashlib.sha256().digest_size:
        return "its digest is not a SHA-256"
    if fault := vector_fault(vector, dimension):
        return fault
    if not abs(float(np.linalg.norm(np.frombuffer(vector, "<f4"))) - 1) < _MAX_NORM_ERROR:
        return "its vector does not have unit length"
    try:
        are_inside = all(start <= span.start <= span.end <= end for span in unpack_spans(sentences, start))
    except (TypeError, ValueError):
        are_inside = False
    return None if are_inside else "its sentences are not inside it"
