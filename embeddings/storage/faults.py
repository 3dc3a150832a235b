"""What is wrong with a library's database, fault by fault, and the mending of what is derived from the texts."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from embeddings.errors import LibraryUnreadable
from embeddings.storage.pieces import pieces
from embeddings.storage.schema import STATEMENTS
from embeddings.storage.snapshot import Snapshot, Transaction, no_vector
from embeddings.text.article import Article
from embeddings.text.passage import unpacked

_ROUNDING = 1e-3  # by which the length of a unit vector may be off


class Fault(NamedTuple):
    """Something that is wrong. ``derived``: it can be made anew from what is right."""

    found: str
    derived: bool = False
    article: int | None = None  # whose passages, and all else that follows from its text, are to be made anew


def faults(now: Snapshot, dimension: int) -> Iterator[Fault]:
    """Read everything. Where tables or columns are missing, the rows are not looked at."""
    for (text,) in now.rows("PRAGMA integrity_check(5)"):
        if text != "ok":
            yield Fault(f"SQLite says: {text}", derived=" index " in text)
    incomplete = False
    for fault in _missing(now):
        incomplete |= not fault.derived
        yield fault
    if incomplete:
        return
    for table, count in now.rows('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1'):
        yield Fault(f"{count} rows of {table} belong to no article", derived=True)
    for seq, article_id in now.rows("SELECT seq, id FROM articles ORDER BY seq").fetchall():
        try:
            article = now.article(article_id)
        except (LibraryUnreadable, sqlite3.OperationalError) as error:  # the second is UTF-8 that is none
            yield Fault(error.got if isinstance(error, LibraryUnreadable) else f"article {article_id}: {error}")
            continue
        if article is not None:
            yield from _of_article(now, seq, article, dimension)


def mend(change: Transaction, found: Iterable[Fault]) -> None:
    """Make anew what SQLite derives, and let the articles wait to be embedded again whose passages are faulty."""
    for statement in STATEMENTS:
        if statement.startswith("CREATE INDEX"):
            change.rows(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    change.rows("REINDEX")
    change.remove_orphans()
    for article in {fault.article for fault in found if fault.article is not None}:
        change.embed_again(article)


def _missing(now: Snapshot) -> Iterator[Fault]:
    with closing(sqlite3.connect(":memory:")) as new:
        for statement in STATEMENTS:
            new.execute(statement)
        for kind, name in new.execute("SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1, 2"):
            there = now.rows("SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?", kind, name).fetchone()
            if not there:
                yield Fault(f"there is no {kind} {name}", derived=kind == "index")
            elif kind == "table":
                columns = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
                held = {column for (column,) in now.rows(columns, name)}
                for (column,) in new.execute(columns, (name,)):
                    if column not in held:
                        yield Fault(f"the table {name} has no column {column}")


def _of_article(now: Snapshot, seq: int, article: Article, dimension: int) -> Iterator[Fault]:
    if hashlib.sha256(article.text.encode()).hexdigest() != article.revision:
        yield Fault(f"article {article.id}: its text is not that of its revision")
        return  # nothing is made from a text that is another
    stored = now.rows("SELECT number, utf16, paragraphs, begins, text FROM pieces WHERE article = ? ORDER BY 1", seq)
    if [*stored] != [*pieces(article.text)]:
        yield Fault(f"article {article.id}: its text is not cut up as it should be", True, seq)
    (characters,) = now.rows("SELECT characters FROM articles WHERE seq = ?", seq).fetchone()
    if characters != len(article.text):
        yield Fault(
            f"article {article.id}: it has {len(article.text)} characters, and {characters} are noted", True, seq
        )
    passages = now.rows(
        'SELECT key, start, "end", digest, vector, sentences FROM passages WHERE article = ?', seq
    ).fetchall()
    if not passages:
        yield Fault(f"article {article.id}: it has no passages", True, seq)
    for key, *stored in passages:
        if wrong := _wrong(article.text, dimension, stored):
            yield Fault(f"article {article.id}, passage {key}: {wrong}", True, seq)


def _wrong(text: str, dimension: int, stored: Sequence[Any]) -> str | None:
    """What is wrong with a passage."""
    start, end, digest, vector, sentences = stored
    ordered = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)
    if not ordered or not text[start:end].strip():
        return f"{start}–{end} is no part of its text"
    if not isinstance(digest, bytes) or len(digest) != hashlib.sha256().digest_size:
        return "its digest is none"
    if not isinstance(vector, bytes) or len(vector) != 4 * dimension:
        return no_vector(vector, dimension)
    if not abs(float(np.linalg.norm(np.frombuffer(vector, "<f4"))) - 1) < _ROUNDING:
        return "its vector is no unit vector"
    try:
        inside = all(start <= span.start <= span.end <= end for span in unpacked(sentences, start))
    except (TypeError, ValueError):
        inside = False
    return None if inside else "its sentences are not inside it"
