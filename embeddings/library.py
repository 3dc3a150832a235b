"""The library: a folder of articles that can be added to, read and searched. The public interface of this package."""

import functools
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.errors import ArticleNotFound, LibraryBusy, LibraryFull
from embeddings.filters import Filters
from embeddings.ingest import ChunkedArticle, batches, chunk_new, encode_article, encode_passages
from embeddings.opening import fingerprint_json, open_database, open_indexes
from embeddings.outcome import Outcome, expected_outcome, store_article
from embeddings.paging import make_page, read_cursor
from embeddings.retrieval.library_indexes import LibraryIndexes
from embeddings.retrieval.milvus_server import MilvusAddress
from embeddings.retrieval.search import By, Hit, Query, require_searchable, search
from embeddings.retrieval.similar import query_like
from embeddings.storage.engine import Engine
from embeddings.storage.export import write_export
from embeddings.storage.faults import check_database
from embeddings.storage.filter_values import UnknownValues, unknown_values
from embeddings.storage.lock import writer_lock
from embeddings.storage.origins import Found, KnownArticle, forget_stamps, known_articles, release, removable
from embeddings.storage.snapshot import ArticleSummary, Snapshot
from embeddings.storage.state import State
from embeddings.text.article import Article, Excerpt, Span, reject_lone_surrogates
from embeddings.text.passage import StoredPassage

_Value = TypeVar("_Value")

_READER_WAIT = 1.0  # seconds that a removal waits for readers of the state before it
_WRITER_WAIT = 10.0  # seconds that a writer waits for others, which release the lock after each batch
_IMPORT_WAIT = 60.0  # seconds that an import which has begun waits for other writers between its batches
_SEARCH_ATTEMPTS = 5  # if passages are removed between searching the indexes and reading the database


class Library(AbstractContextManager["Library"]):
    """A folder with articles: ``library.db`` is the database, and the indexes beside it are caches of it.

    Thread-safe, and usable from several processes. There is one writer at a time, for one batch or one removal; readers
    never wait for a writer.
    """

    def __init__(self, path: Path, encoder: Encoder, wait: float, database: Engine, indexes: LibraryIndexes) -> None:
        """Use what is open; see :meth:`open`."""
        self.encoder, self.path, self._wait = encoder, path, wait
        self._database, self._indexes = database, indexes
        self._query_vector = functools.lru_cache(maxsize=256)(self._encode_query)

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: Encoder,
        *,
        wait: float = _WRITER_WAIT,
        create: bool = True,
        database_url: str | None = None,
        milvus: MilvusAddress | None = None,
    ) -> Self:
        """Open the library in a folder.

        Args:
            path: The folder.
            encoder: The encoder that made, or will make, the library's vectors.
            wait: How many seconds a writer waits for other writers.
            create: Create the folder and the library if they are missing.
            database_url: The PostgreSQL database that has the articles; by default a file in the folder has them.
            milvus: The Milvus server that has the indexes; None for FAISS and tantivy in the folder.

        Raises:
            LibraryError: There is no library, and ``create`` is False.
            LibraryUnreadable: The database is not one, is damaged or has disappeared. Nothing is overwritten.
            LibraryMismatch: Another encoder made its vectors, or a newer version of this program made it.
            ExtraMissing, IndexUnavailable: Milvus is to be used, and is not installed or does not answer.
        """
        database, read_only = open_database(Path(path), encoder, create=create, url=database_url)
        indexes = open_indexes(Path(path), database, encoder, milvus, read_only=read_only)
        return cls(Path(path), encoder, wait, database, indexes)

    def close(self) -> None:
        """Save the indexes and close the files."""
        try:
            self._indexes.close(_READER_WAIT)
        finally:
            self._database.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def identity(self) -> str:
        """The library's UUID."""
        with self._database.snapshot() as snapshot:
            return str(snapshot.library)

    @property
    def state(self) -> State:
        """The library's state, which every change changes."""
        with self._database.snapshot() as snapshot:
            return snapshot.state

    def ping(self) -> None:
        """Raise LibraryUnreachable or IndexUnavailable unless the servers that have the library, if any, answer."""
        with self._database.snapshot():
            self._indexes.ping()

    def is_current(self, state: State) -> bool:
        """Return True if this is still the library's state and both indexes represent it, so a search is complete."""
        self._indexes.catch_up()
        return {state} == {self._indexes.dense.state, self._indexes.bm25.state, self.state}

    @property
    def notices(self) -> tuple[str, ...]:
        """Problems with the library's files that have been solved or worked around."""
        return tuple(self._indexes.notices)

    def add(self, articles: Iterable[Article | ChunkedArticle]) -> Generator[Outcome, None, None]:
        """Add articles, or replace them if their text or any other field has changed.

        An outcome is yielded once its article is stored durably and can be found. An article that cannot be added is
        skipped. If the iterable fails, the articles before that are added first. Other writers only wait while a batch
        is stored, not while articles are read and encoded. What another process has chunked and encoded is stored.

        Yields:
            An outcome for each article.

        Raises:
            LibraryBusy: Another writer is at work.
        """
        wait = self._wait
        try:
            for batch in batches(articles, lambda given: chunk_new(given, self.encoder, self._database)):
                yield from self._store(batch, wait)
                self._indexes.change_over()
                wait = max(wait, _IMPORT_WAIT)
        finally:
            if self._indexes.erase_pending:
                with suppress(LibraryBusy), self._writing(wait):
                    self._indexes.erase_removed(_READER_WAIT)
            self._indexes.save()

    def remove(self, *article_ids: str) -> None:
        """Remove articles: all of them, or none if one does not exist.

        Their texts are erased from all files; or, if another process is still reading an earlier state, when the
        library is used the next time (:meth:`check` reports this).

        Raises:
            ArticleNotFound: There is no article with one of these ids.
            LibraryBusy: Another writer is at work.
        """
        for article_id in article_ids:
            reject_lone_surrogates("id", article_id)
        disk_full = False
        with self._writing(self._wait):
            try:
                self._delete(article_ids)
            except LibraryFull:
                disk_full = True
                self._indexes.free_space()
                self._delete(article_ids)
            self._indexes.catch_up(locked=True)
            self._indexes.erase_removed(_READER_WAIT)
        self._indexes.save(final=disk_full)  # so that there is an index to delete the next time

    def release(self, source: str, gone: Collection[Found], unread: Collection[str] = ()) -> list[str]:
        """Remove articles that a sync of a source had added and that are gone from it; return the ids of those removed.

        Args:
            source: What was synced.
            gone: The places with the ids of the articles that are no longer there.
            unread: Places that the next sync is to read again, whatever their stamps.

        Raises:
            LibraryBusy: Another writer is at work.
        """
        if not gone and not unread:
            return []
        with self._writing(self._wait):
            with self._database.transaction() as transaction:
                forget_stamps(transaction, source, unread)
                ids = release(transaction, source, gone)
            self._indexes.catch_up(locked=True)
            if ids:
                self._indexes.erase_removed(_READER_WAIT)
        self._indexes.save()
        return ids

    def known_articles(self, source: str) -> list[KnownArticle]:
        """Return the articles that syncs of a source found and that are still here, by their places."""
        with self._database.snapshot() as snapshot:
            return known_articles(snapshot, source)

    def removable(self, source: str, gone: Collection[Found]) -> list[str]:
        """Return the ids of the articles that :meth:`release` would remove."""
        with self._database.snapshot() as snapshot:
            return removable(snapshot, source, gone)

    def compare(self, article: Article) -> Outcome:
        """Return what would come of adding an article; nothing is stored."""
        with self._database.snapshot() as snapshot:
            return expected_outcome(article, snapshot)

    def get(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            ArticleNotFound: There is no article with this id.
            InvalidInput: The id has a lone surrogate.
        """
        return self._read(article_id, lambda snapshot: snapshot.article(article_id))

    def articles(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Article], str | None]:
        """Return a page of up to ``limit`` articles in the order in which they were added, and the next page's cursor.

        Raises:
            InvalidInput: The limit is below 1, or the cursor did not come with a page.
        """
        with self._database.snapshot() as snapshot:
            return make_page(snapshot.articles(limit + 1, read_cursor(limit, cursor)), limit)

    def entries(
        self, limit: int = 50, cursor: str | None = None, query: str = "", *, newest_first: bool = False
    ) -> tuple[list[ArticleSummary], str | None]:
        """Return the same page as :meth:`articles`, without the articles' texts, which are not read.

        With a query, the page has only articles whose title, source and authors together have each of its words, or
        words that they are part of; case and accents are ignored. With ``newest_first`` those that were added last come
        first.
        """
        with self._database.snapshot() as snapshot:
            after = read_cursor(limit, cursor)
            return make_page(snapshot.summaries(limit + 1, after, query, newest_first=newest_first), limit)

    def entry(self, article_id: str) -> ArticleSummary:
        """Return an article without its text, which is not read.

        Raises:
            ArticleNotFound, InvalidInput: As :meth:`get` does.
        """
        return self._read(article_id, lambda snapshot: snapshot.summary(article_id))

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        """Return a span's text, as far as it is inside the article, and its position. The rest is not read.

        Raises:
            ArticleNotFound, InvalidInput: As :meth:`get` does.
        """
        return self._read(article_id, lambda snapshot: snapshot.excerpt(article_id, span))

    def original(self, article_id: str) -> bytes | None:
        """Return the PDF file with the pages of an article, or None if there is none or it was not kept.

        Raises:
            ArticleNotFound, InvalidInput: As :meth:`get` does.
        """
        self.entry(article_id)
        with self._database.snapshot() as snapshot:
            return snapshot.original(article_id)

    def passages(self, article_id: str) -> list[StoredPassage]:
        """Return the passages of an article in the order of its text; an empty list if there is no such article."""
        with self._database.snapshot() as snapshot:
            return snapshot.passages(article_id)

    def first_passages(self, filters: Filters, limit: int) -> tuple[list[tuple[StoredPassage, Excerpt]], int]:
        """Return the first passages of up to ``limit`` articles that pass the filters, and how many articles do."""
        with self._database.snapshot() as snapshot:
            first = snapshot.first_of_each_article(snapshot.keys_matching(filters).tolist())
            found = snapshot.passages_with_excerpts(first[:limit])
        return [found[key] for key in first[:limit]], len(first)

    def size(self) -> dict[str, int]:
        """Return the numbers of ``articles`` and ``passages`` and the ``generation``, all of the same state."""
        with self._database.snapshot() as snapshot:
            articles, passages = snapshot.counts()
            return {"articles": articles, "passages": passages, "generation": snapshot.generation}

    def search(
        self,
        query: str,
        top_k: int = 8,
        filters: Filters | None = None,
        by: By = "fused",
        *,
        group: bool = False,
        distinct: bool = True,
    ) -> list[Hit]:
        """Return the best passages, best first. Equal scores are ranked by key, so the older passage is first.

        Args:
            query: The query.
            top_k: The most passages to return; fewer are returned only if fewer pass the filters.
            filters: Which articles to search; None for all.
            by: The score by which to rank: the fused one, or that of one of the two searches.
            group: Return only the best passage of each article.
            distinct: Leave out what a near-duplicate repeats of what was found before.

        Raises:
            InvalidInput: The query is blank, a value has a lone surrogate, or ``top_k`` is below 1.
        """
        require_searchable(query, top_k, filters)
        vector = self._query_vector(query)
        return self._search(lambda _: Query(query, vector, top_k, filters, by, group, distinct=distinct))

    def like(self, like: str | Article, top_k: int = 8, filters: Filters | None = None) -> list[Hit]:
        """Return the best passages of the articles that are most like one, best first, one of each article.

        They are found by the mean of its passages' vectors and by its most telling words; the article itself, which is
        given by its id or need not be in the library, and those with the same text are left out.

        Raises:
            ArticleNotFound: There is no article with this id.
            InvalidInput: A value has a lone surrogate, or ``top_k`` is below 1.
        """
        require_searchable("articles", top_k, filters)
        article = self.get(like) if isinstance(like, str) else like
        new = None if isinstance(like, str) else encode_article(article, self.encoder, self._database)
        return self._search(lambda now: query_like(article, new, now, self._indexes.bm25, top_k=top_k, filters=filters))

    def _search(self, query: Callable[[Snapshot], Query]) -> list[Hit]:
        for _ in range(_SEARCH_ATTEMPTS):
            self._indexes.catch_up()
            dense, bm25 = self._indexes.dense, self._indexes.bm25
            with self._database.snapshot() as snapshot:
                result = search(query(snapshot), snapshot, dense, bm25)
            if result.complete:
                break
        self._indexes.retry_erase()
        return result.hits

    def unknown_filter_values(self, filters: Filters | None) -> list[UnknownValues]:
        """Return the fields of a filter with values that no article has; none of an empty library."""
        with self._database.snapshot() as snapshot:
            return list(unknown_values(snapshot, filters)) if filters else []

    def export(self, file: str | Path) -> dict[str, int]:
        """Write the library to a new file, and return the number of rows by table; see :func:`write_export`."""
        return write_export(self._database, Path(file), fingerprint_json(self.encoder))

    def check(self) -> list[tuple[str, bool, str]]:
        """Read everything and compare it, while others may write.

        Returns:
            For the database, each index and removed text: its name, whether it is right, and what was found.
        """
        self._indexes.save(wait=_READER_WAIT)
        with self._database.snapshot() as snapshot:
            rows = [check_database(snapshot, self.encoder.fingerprint.dimension), *self._indexes.check()]
        remains = "still in files that another process is reading"
        return [*rows, ("removed text", True, self._database.what_remains if self._indexes.is_erased else remains)]

    def _read(self, article_id: str, read: Callable[[Snapshot], _Value | None]) -> _Value:
        reject_lone_surrogates("id", article_id)
        with self._database.snapshot() as snapshot:
            value = read(snapshot)
        if value is None:
            raise ArticleNotFound(article_id)
        return value

    def _store(self, batch: list[ChunkedArticle], wait: float) -> Iterator[Outcome]:
        """Encode and store a batch, and yield its outcomes after the writer lock was released."""
        encoded = encode_passages(batch, self.encoder, self._database)
        outcomes: list[Outcome] = []
        try:
            with self._writing(wait) if batch else nullcontext():
                for chunked, passages in zip(batch, encoded, strict=True):
                    outcomes.append(store_article(chunked, passages, self._database, runtime=self.encoder.runtime))
        except Exception:
            yield from outcomes
            raise
        yield from outcomes

    def _delete(self, article_ids: Iterable[str]) -> None:
        with self._database.transaction() as transaction:
            for article_id in dict.fromkeys(article_ids):
                transaction.delete(article_id)

    def _encode_query(self, query: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encoder.encode([query], "query")[0]
        return vector

    @contextmanager
    def _writing(self, wait: float) -> Iterator[None]:
        """Hold the writer lock, with the indexes caught up before and after."""
        with writer_lock(self.path, wait), self._database.writing(wait):
            self._indexes.catch_up(locked=True)
            try:
                yield
            finally:
                self._indexes.catch_up(locked=True)
