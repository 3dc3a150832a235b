"""A database of an earlier version → one of this version.

All steps are one transaction, made under the writer lock: what is interrupted was never begun. A step is code that is
not changed again, but for the tables that it makes, which are written down in it or are those of today.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path
from secrets import randbits
from tempfile import TemporaryDirectory

from embeddings.storage.pieces import pieces
from embeddings.storage.schema import ARTICLES_BY_REVISION, ARTICLES_BY_URL, PIECES, TRANSACTIONS, VERSION
from embeddings.text.article import Span
from embeddings.text.chunking import inside, sentences
from embeddings.text.passage import packed

COPY = "library.db"  # in the folder of a copy


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to this version, where it is of an earlier one. The caller holds the writer lock."""
    connection.execute("PRAGMA secure_delete = ON")  # what a step takes out does not stay behind in free pages
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


def migrated_copy(connection: sqlite3.Connection) -> TemporaryDirectory[str]:
    """A folder with a copy of the database, brought to this version, for who cannot write where it is."""
    folder = TemporaryDirectory(prefix="library-", ignore_cleanup_errors=True)
    with closing(sqlite3.connect(Path(folder.name, COPY), isolation_level=None)) as copy:
        connection.backup(copy)
        migrate(copy)
    return folder


def _texts_in_pieces(connection: sqlite3.Connection) -> None:
    """Version 1 had an article's text in its row, no sentences, and no token for a transaction."""
    for statement in (PIECES, TRANSACTIONS, ARTICLES_BY_URL, ARTICLES_BY_REVISION):
        connection.execute(statement)
    # The indexes' stamps know no token yet: they are made anew once, which no copy from elsewhere can survive.
    connection.execute("INSERT INTO transactions SELECT generation, ? FROM meta WHERE generation > 0", (randbits(63),))
    connection.execute("ALTER TABLE articles ADD COLUMN characters INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE passages ADD COLUMN sentences BLOB NOT NULL DEFAULT x''")
    for (seq,) in connection.execute("SELECT seq FROM articles").fetchall():
        _cut_up(connection, seq)
    connection.execute("ALTER TABLE articles DROP COLUMN text")


def _cut_up(connection: sqlite3.Connection, seq: int) -> None:
    ((text, language, sections),) = connection.execute(
        "SELECT text, language, sections FROM articles WHERE seq = ?", (seq,)
    )
    connection.execute("UPDATE articles SET characters = ? WHERE seq = ?", (len(text), seq))
    connection.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)", ((seq, *piece) for piece in pieces(text)))
    every = list(chain.from_iterable(sentences(text, json.loads(sections), language)))
    passages = connection.execute('SELECT key, start, "end" FROM passages WHERE article = ?', (seq,)).fetchall()
    connection.executemany(
        "UPDATE passages SET sentences = ? WHERE key = ?",
        (
            (packed(inside(every, span), span.start), key)
            for key, span in ((key, Span(start=start, end=end)) for key, start, end in passages)
        ),
    )


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _texts_in_pieces}  # by the version that they start from
