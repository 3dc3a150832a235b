"""Migrations of a database from earlier schema versions.

All steps run in one transaction under the writer lock, so an interrupted migration leaves the database unchanged. The
code of a step stays as it is when later versions are added.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path
from secrets import randbits
from tempfile import TemporaryDirectory

from embeddings.storage.connection import SqlConnection
from embeddings.storage.near_duplicates import record_near_duplicates
from embeddings.storage.pieces import pieces
from embeddings.storage.schema import (
    ARTICLES_BY_REVISION,
    ARTICLES_BY_URL,
    AUTHORS_AND_PAGES,
    CODE,
    LISTS,
    NEAR_DUPLICATES,
    ORIGINS,
    PIECES,
    RUNTIMES,
    TRANSACTIONS,
    VERSION,
)
from embeddings.text.article import Span, trimmed
from embeddings.text.chunking import citable_sentences, outside_headings, section_sentences, sentences_within
from embeddings.text.headings import heading_spans, section_starts
from embeddings.text.headline import find_headline, moved, without
from embeddings.text.passage import pack_spans

COPY_NAME = "library.db"  # in the folder of a migrated copy
FIRST_OF_BOTH = 6  # the first version from which PostgreSQL's tables are migrated, too


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate a database to the current version. The caller holds the writer lock."""
    connection.execute("PRAGMA secure_delete = ON")  # so that what a step deletes does not remain in free pages
    connection.execute("BEGIN IMMEDIATE")
    try:
        ((version,),) = connection.execute("PRAGMA user_version")
        for step in range(version, VERSION):
            _STEPS[step](connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def migrate_tables(connection: SqlConnection, version: int) -> None:
    """Migrate the tables of an engine that keeps its version elsewhere, in the caller's transaction."""
    for step in range(version, VERSION):
        _STEPS_OF_BOTH[step](connection)


def migrated_copy(connection: sqlite3.Connection) -> TemporaryDirectory[str]:
    """Return a temporary folder with a migrated copy of the database, to read one that is in a read-only folder."""
    folder = TemporaryDirectory(prefix="library-", ignore_cleanup_errors=True)
    with closing(sqlite3.connect(Path(folder.name, COPY_NAME), isolation_level=None)) as copy:
        connection.backup(copy)
        migrate(copy)
    return folder


def _from_version_1(connection: sqlite3.Connection) -> None:
    """Move texts from ``articles`` to ``pieces``; add the sentences of passages and the tokens of transactions."""
    for statement in (PIECES, TRANSACTIONS, ARTICLES_BY_URL, ARTICLES_BY_REVISION):
        connection.execute(statement)
    # Indexes of version 1 have no token, so they are rebuilt once. The token is random so that an index of another copy
    # of this database is not used for this one.
    connection.execute("INSERT INTO transactions SELECT generation, ? FROM meta WHERE generation > 0", (randbits(63),))
    connection.execute("ALTER TABLE articles ADD COLUMN characters INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE passages ADD COLUMN sentences BLOB NOT NULL DEFAULT x''")
    for (seq,) in connection.execute("SELECT seq FROM articles").fetchall():
        _split_text(connection, seq)
    connection.execute("ALTER TABLE articles DROP COLUMN text")


def _split_text(connection: sqlite3.Connection, seq: int) -> None:
    ((text, language, sections),) = connection.execute(
        "SELECT text, language, sections FROM articles WHERE seq = ?", (seq,)
    )
    connection.execute("UPDATE articles SET characters = ? WHERE seq = ?", (len(text), seq))
    connection.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)", ((seq, *piece) for piece in pieces(text)))
    sentences = list(chain.from_iterable(section_sentences(text, json.loads(sections), language)))
    passages = connection.execute('SELECT key, start, "end" FROM passages WHERE article = ?', (seq,)).fetchall()
    connection.executemany(
        "UPDATE passages SET sentences = ? WHERE key = ?",
        (
            (pack_spans(sentences_within(sentences, span), span.start), key)
            for key, span in ((key, Span(start=start, end=end)) for key, start, end in passages)
        ),
    )


def _from_version_2(connection: sqlite3.Connection) -> None:
    """Cut headlines from the texts, and headings from the sentences that may be cited."""
    changed = [
        seq for (seq,) in connection.execute("SELECT seq FROM articles").fetchall() if _cut_headline(connection, seq)
    ]
    if changed:
        connection.execute("UPDATE meta SET generation = generation + 1")
        connection.execute("INSERT INTO transactions SELECT generation, ? FROM meta", (randbits(63),))
    for seq in changed:
        connection.execute("UPDATE articles SET generation = (SELECT generation FROM meta) WHERE seq = ?", (seq,))
        # New keys, because the passages are indexed anew. Their vectors are kept.
        connection.execute(
            "INSERT INTO removals SELECT key, generation FROM passages, meta WHERE article = ? ORDER BY key", (seq,)
        )
        connection.execute(
            'INSERT INTO passages (article, start, "end", digest, vector, sentences)'
            ' SELECT article, start, "end", digest, vector, sentences FROM passages WHERE article = ? ORDER BY key',
            (seq,),
        )
        connection.execute("DELETE FROM passages WHERE article = ? AND key IN (SELECT key FROM removals)", (seq,))
        connection.execute('DELETE FROM passages WHERE article = ? AND start = "end"', (seq,))


def _cut_headline(connection: sqlite3.Connection, seq: int) -> bool:
    """Bring an article's text, passages and their sentences to version 3. Return True if the text changed."""
    ((title, language, sections_json, metadata),) = connection.execute(
        "SELECT title, language, sections, metadata FROM articles WHERE seq = ?", (seq,)
    )
    stored = connection.execute("SELECT text FROM pieces WHERE article = ? ORDER BY number", (seq,))
    text, sections = "".join(piece for (piece,) in stored), json.loads(sections_json)
    is_derived = json.loads(metadata).get("title_derived_from") == "first line"
    found = find_headline(text, None if is_derived else title, sections, is_plain=is_derived)
    cut = found.cut if found else Span(start=0, end=0)
    body, kept = without(cut, text, sections)
    if found:
        connection.execute(
            "UPDATE articles SET characters = ?, revision = ?, sections = ? WHERE seq = ?",
            (len(body), hashlib.sha256(body.encode()).hexdigest(), json.dumps(kept), seq),
        )
        connection.execute("DELETE FROM pieces WHERE article = ?", (seq,))
        connection.executemany(
            "INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)", ((seq, *piece) for piece in pieces(body))
        )
    headings = heading_spans(body, kept)
    sentences = chain.from_iterable(section_sentences(body, section_starts(body, headings), language))
    citable = outside_headings(list(sentences), headings)
    for key, first, last in connection.execute(
        'SELECT key, start, "end" FROM passages WHERE article = ?', (seq,)
    ).fetchall():
        at = moved(first, cut)
        span = trimmed(body, at, moved(last, cut)) or Span(start=at, end=at)
        inside = citable_sentences(citable, span, headings) if span.start < span.end else []
        connection.execute(
            'UPDATE passages SET start = ?, "end" = ?, sentences = ? WHERE key = ?',
            (span.start, span.end, pack_spans(inside, span.start), key),
        )
    return bool(found)


def _from_version_3(connection: sqlite3.Connection) -> None:
    """Add the authors of articles, the places of their words on pages, and the files with these pages."""
    for statement in AUTHORS_AND_PAGES:
        connection.execute(statement)


def _from_version_4(connection: sqlite3.Connection) -> None:
    """Add where syncs found articles."""
    for statement in ORIGINS:
        connection.execute(statement)


def _from_version_5(connection: sqlite3.Connection) -> None:
    """Find the near-duplicates among the articles."""
    for statement in NEAR_DUPLICATES:
        connection.execute(statement)
    for (seq,) in connection.execute("SELECT seq FROM articles ORDER BY seq").fetchall():
        stored = connection.execute("SELECT text FROM pieces WHERE article = ? ORDER BY number", (seq,))
        record_near_duplicates(connection, seq, "".join(piece for (piece,) in stored))


def _from_version_6(connection: SqlConnection) -> None:
    """Add what has computed vectors; of those that are there it is not known."""
    for statement in RUNTIMES:
        connection.execute(statement, ())


def _from_version_7(connection: SqlConnection) -> None:
    """Add the lists of articles; of those that are there they are known once they are added again."""
    for statement in LISTS:
        connection.execute(statement, ())


def _from_version_8(connection: SqlConnection) -> None:
    """Add the code of articles; of those that are there it is known once they are added again."""
    for statement in CODE:
        connection.execute(statement, ())


# By the version that they migrate.
_STEPS_OF_BOTH: dict[int, Callable[[SqlConnection], None]] = {
    6: _from_version_6,
    7: _from_version_7,
    8: _from_version_8,
}
_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _from_version_1,
    2: _from_version_2,
    3: _from_version_3,
    4: _from_version_4,
    5: _from_version_5,
    **_STEPS_OF_BOTH,
}
