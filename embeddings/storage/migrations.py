"""Migrations of a database from earlier schema versions.

All steps run in one transaction under the writer lock, so an interrupted migration leaves the database unchanged. The
code of a step stays as it is when later versions are added.
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
from embeddings.text.chunking import section_sentences, sentences_within
from embeddings.text.passage import pack_spans

COPY_NAME = "library.db"  # in the folder of a migrated copy


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


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_version_1}  # by the version that they migrate
