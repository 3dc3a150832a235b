"""Maintenance of a library that need not be usable: embedding it again, repairing, moving and importing it."""

from collections.abc import Generator
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.errors import ArticleNotFound
from embeddings.ingest import batches, chunk_article, encode_passages
from embeddings.opening import fingerprint_json, open_database
from embeddings.outcome import Outcome, store_article
from embeddings.retrieval.index_files import delete_indexes
from embeddings.storage.database import Database
from embeddings.storage.engine import Engine
from embeddings.storage.export import opened_export
from embeddings.storage.faults import find_faults, repair_derived
from embeddings.storage.lock import writer_lock
from embeddings.storage.move import copy
from embeddings.storage.postgres import PostgresDatabase
from embeddings.text.article import Article


def reembed(
    path: str | Path, encoder: Encoder, *, wait: float = 10.0, database_url: str | None = None
) -> Generator[Outcome, None, None]:
    """Chunk and encode all articles of a library again. An interrupted run is continued by the next.

    Until the last article is done, the library cannot be opened.

    Args:
        path: The library's folder.
        encoder: The encoder to use from now on.
        wait: How many seconds to wait for other writers.
        database_url: As in :meth:`Library.open`.

    Yields:
        An outcome for each article.

    Raises:
        LibraryBusy: Another writer is at work.
    """
    path = Path(path)
    database, _ = open_database(path, encoder, create=False, url=database_url)
    with database, writer_lock(path, wait), database.writing(wait):
        with database.transaction() as transaction:
            if transaction.encoder != fingerprint_json(encoder):
                transaction.change_encoder(fingerprint_json(encoder))
            pending = transaction.pending()
        articles = (_read(database, article_id) for article_id in pending)
        for batch in batches(articles, lambda article: chunk_article(article, encoder)):
            for chunked, passages in zip(batch, encode_passages(batch, encoder, database), strict=True):
                yield store_article(chunked, passages, database, runtime=encoder.runtime, replace_unchanged=True)


def diagnose(path: str | Path, encoder: Encoder, *, database_url: str | None = None) -> list[str]:
    """Return descriptions of all faults of a library's database."""
    database, _ = open_database(Path(path), encoder, create=False, url=database_url)
    with database, database.snapshot() as snapshot:
        return [fault.description for fault in find_faults(snapshot, encoder.fingerprint.dimension)]


def repair(path: str | Path, encoder: Encoder, *, wait: float = 2.0, database_url: str | None = None) -> list[str]:
    """Rebuild what is derived from the articles' texts: what is faulty in the database, and both indexes.

    Args:
        path: The library's folder.
        encoder: The library's encoder.
        wait: How many seconds to wait for other writers.
        database_url: As in :meth:`Library.open`.

    Returns:
        Descriptions of the faults that were repaired.

    Raises:
        LibraryBusy: Another writer is at work.
    """
    path = Path(path)
    database, _ = open_database(path, encoder, create=False, url=database_url)
    with database, writer_lock(path, wait), database.writing(wait):
        with database.snapshot() as snapshot:
            faults = [fault for fault in find_faults(snapshot, encoder.fingerprint.dimension) if fault.is_derived]
        with database.transaction() as transaction:
            repair_derived(transaction, faults)
        delete_indexes(path)
    for _ in reembed(path, encoder, wait=wait, database_url=database_url):
        pass
    return [fault.description for fault in faults]


def move(
    path: str | Path, encoder: Encoder, database_url: str, *, to_folder: bool, wait: float = 10.0
) -> dict[str, int]:
    """Copy a library from its folder to PostgreSQL, or back. What it is copied from stays as it is.

    Args:
        path: The library's folder.
        encoder: The library's encoder.
        database_url: The PostgreSQL database.
        to_folder: Copy it back into the folder.
        wait: How many seconds to wait for other writers.

    Returns:
        The numbers of rows that were copied and verified, by table.

    Raises:
        LibraryError: There is a library at the target.
    """
    path = Path(path)
    source, _ = open_database(path, encoder, create=False, url=database_url if to_folder else None)
    with source:
        target: Engine
        if to_folder:
            target = Database(path / "library.db", fingerprint_json(encoder))
        else:
            target = PostgresDatabase(database_url, fingerprint_json(encoder))
        with target, writer_lock(path, wait), source.writing(wait):
            return {table: digest.rows for table, digest in copy(source, target).items()}


def import_export(
    path: str | Path, encoder: Encoder, file: str | Path, *, database_url: str | None = None, wait: float = 10.0
) -> None:
    """Make a library of an export, in a folder that is new or has no articles.

    Args:
        path: The library's folder.
        encoder: The encoder that made its vectors.
        file: The export.
        database_url: As in :meth:`Library.open`.
        wait: How many seconds to wait for other writers.

    Raises:
        LibraryUnreadable: The file is not an export, or is damaged.
        LibraryMismatch: Another encoder, or a newer version of this program, made it.
        LibraryError: There is a library in the folder.
    """
    path = Path(path)
    with opened_export(Path(file), fingerprint_json(encoder), encoder.fingerprint.dimension) as source:
        target, _ = open_database(path, encoder, create=True, url=database_url)
        with target, writer_lock(path, wait), target.writing(wait):
            copy(source, target)


def _read(database: Engine, article_id: str) -> Article:
    with database.snapshot() as snapshot:
        article = snapshot.article(article_id)
    if article is None:
        raise ArticleNotFound(article_id)
    return article
