"""A library: a folder of articles that can be added to, read and searched. The one face of this package."""

import functools
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.errors import ArticleNotFound, InvalidInput, LibraryBusy, LibraryFull
from embeddings.filters import Filters
from embeddings.ingest import ChunkedArticle, draft, encode, gather
from embeddings.opening import fingerprint, open_database
from embeddings.outcome import Outcome, store
from embeddings.retrieval.indexes import Indexes, drop
from embeddings.retrieval.search import By, Hit, Query, search
from embeddings.storage.database import Database
from embeddings.storage.faults import faults, mend
from embeddings.storage.lock import writer_lock
from embeddings.storage.snapshot import Listed
from embeddings.storage.state import State
from embeddings.text.article import Article, Excerpt, Span, reject_lone_surrogates
from embeddings.text.passage import StoredPassage

_Value = TypeVar("_Value")

_READERS = 1.0  # seconds that who removed something waits for those who read what was there before
_TOLD = 5  # faults that a check tells; `diagnose` tells all
_ATTEMPTS = 5  # searches, where each time a passage that was found was removed before it could be read
_WAIT = 10.0  # seconds that a writer waits for others, who let go after a batch: half a second beside 150,000 passages
_PATIENCE = 60.0  # seconds that an import which has begun waits for other writers between its batches


class Library:
    """Articles in a folder: ``library.db`` is the truth, the indexes beside it are caches.

    Safe to use from several threads and processes. One writes at a time, one batch or one removal, then who waits does;
    no reader waits for a writer.
    """

    def __init__(self, path: str | Path, encoder: Encoder, *, wait: float = _WAIT, create: bool = True) -> None:
        """See :meth:`open`. ``wait`` is how many seconds a writer waits for another one to finish."""
        self.encoder = encoder
        self._path = Path(path)
        self._wait = wait
        self._database, read_only = open_database(self._path, encoder, create=create)
        try:
            self._indexes = Indexes(
                self._path,
                self._database,
                fingerprint(encoder),
                encoder.fingerprint.dimension,
                read_only=read_only,
            )
        except BaseException:
            self._database.close()
            raise
        self._query_vector = functools.lru_cache(maxsize=256)(self._encode_query)

    @classmethod
    def open(cls, path: str | Path, encoder: Encoder, *, wait: float = _WAIT, create: bool = True) -> Self:
        """Open the library in a folder; make both when they are missing, unless ``create`` is false.

        Raises:
            LibraryError: there is no library, and none is to be made.
            LibraryUnreadable: the database is not one, is damaged, or went away. Nothing is overwritten.
            LibraryMismatch: another encoder made its vectors, or a newer version of this program made it.
        """
        return cls(path, encoder, wait=wait, create=create)

    def close(self) -> None:
        """Save what is worth saving and close the files."""
        self._indexes.save(last=True, wait=_READERS)
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def identity(self) -> str:
        """The library's uuid."""
        with self._database.snapshot() as now:
            return str(now.library)

    @property
    def state(self) -> State:
        """What changes with every change: its generation, a number that grows, and a random token."""
        with self._database.snapshot() as now:
            return now.state

    def settled(self, state: State) -> bool:
        """Whether this is the state still, and both indexes hold all of it: a search now misses nothing."""
        self._indexes.catch_up()
        return {state} == {self._indexes.vectors.state, self._indexes.words.state, self.state}

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of the state the library was found in."""
        return tuple(self._indexes.notices)

    def add(self, articles: Iterable[Article]) -> Generator[Outcome, None, None]:
        """Add articles, or replace them where their text or anything about them has changed.

        Each outcome comes after its article was stored for good and can be found. An article that cannot be added is
        skipped. When the iterable fails, what came before it is added first. Only while a batch is stored, not while it
        is read and encoded, do other writers wait.

        Raises:
            LibraryBusy: another writer is at work.
        """
        wait = self._wait
        try:
            for batch in gather(articles, self._draft):
                yield from self._add(batch, wait)
                wait = max(wait, _PATIENCE)
        finally:
            if self._indexes.to_forget:
                with suppress(LibraryBusy), self._writing(wait):
                    self._indexes.forget(_READERS)
            self._indexes.save()

    @classmethod
    def reembed(cls, path: str | Path, encoder: Encoder, *, wait: float = _WAIT) -> Generator[Outcome, None, None]:
        """Cut and encode all articles of a library again, with this encoder. What was interrupted goes on where it was.

        Until it is done the library cannot be opened.
        """
        path = Path(path)
        database, _ = open_database(path, encoder, create=False)
        with database, writer_lock(path, wait):
            with database.transaction() as change:
                if change.encoder != fingerprint(encoder):
                    change.change_encoder(fingerprint(encoder))
                pending = change.pending()
            articles = (_get(database, article_id) for article_id in pending)
            for batch in gather(articles, lambda article: draft(article, encoder)):
                for drafted, passages in zip(batch, encode(batch, encoder, database), strict=True):
                    yield store(drafted, passages, database, anew=True)

    def remove(self, *article_ids: str) -> None:
        """Take articles out, all of them or, if one is not there, none.

        Nothing of them is left in any file then; or, while another process reads what was there before, from the next
        use of the library on (``check`` tells).

        Raises:
            ArticleNotFound: there is none with one of these ids.
            LibraryBusy: another writer is at work.
        """
        for article_id in article_ids:
            reject_lone_surrogates("id", article_id)
        full = False
        with self._writing(self._wait):
            try:
                self._delete(article_ids)
            except LibraryFull:
                full = True
                self._indexes.make_room()
                self._delete(article_ids)
            self._indexes.catch_up(locked=True)
            self._indexes.forget(_READERS)
        self._indexes.save(last=full)  # so that there is something to give up the next time

    def get(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            ArticleNotFound: there is none.
            InvalidInput: the id is not text.
        """
        reject_lone_surrogates("id", article_id)
        return _get(self._database, article_id)

    def articles(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Article], str | None]:
        """A page of articles in the order in which they came, and the cursor of the next page, None after the last.

        Raises:
            InvalidInput: the limit is below 1, or the cursor is none that a page came with.
        """
        with self._database.snapshot() as now:
            return _page(now.articles(limit + 1, _after(limit, cursor)), limit)

    def entries(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Listed], str | None]:
        """The same page without the articles' texts, which are not read.

        Raises:
            InvalidInput: as :meth:`articles` does.
        """
        with self._database.snapshot() as now:
            return _page(now.entries(limit + 1, _after(limit, cursor)), limit)

    def entry(self, article_id: str) -> Listed:
        """The article with this id without its text, which is not read.

        Raises:
            ArticleNotFound, InvalidInput: as :meth:`get` does.
        """
        reject_lone_surrogates("id", article_id)
        with self._database.snapshot() as now:
            return _found(now.entry(article_id), article_id)

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        """The characters of a span and where they stand, read without the rest of the article; none beyond its end.

        Raises:
            ArticleNotFound, InvalidInput: as :meth:`get` does.
        """
        reject_lone_surrogates("id", article_id)
        with self._database.snapshot() as now:
            return _found(now.excerpt(article_id, span), article_id)

    def passages(self, article_id: str) -> list[StoredPassage]:
        """The passages of an article in the order of its text; none when there is no such article."""
        with self._database.snapshot() as now:
            return now.passages(article_id)

    def size(self) -> dict[str, int]:
        """How many ``articles`` and ``passages`` there are, and their ``generation``, all of one moment."""
        with self._database.snapshot() as now:
            articles, passages = now.counts()
            return {"articles": articles, "passages": passages, "generation": now.generation}

    def search(self, query: str, top_k: int = 8, filters: Filters | None = None, by: By = "fused") -> list[Hit]:
        """The ``top_k`` best passages among those that pass the filters, best first; ties go to the older passage.

        ``by`` ranks by one of the two searches alone.

        Raises:
            InvalidInput: the query is empty or not text, or top_k is below 1.
        """
        for text in (query, *((filters and filters.sources) or ()), *((filters and filters.article_ids) or ())):
            reject_lone_surrogates("query", text)
        if not query.strip() or top_k < 1:
            raise InvalidInput(
                "There is nothing to search for.",
                expected="a query with a word in it, and a top_k of 1 or more",
                got=f"{query!r}, top_k {top_k}",
                hint="Ask in a few words.",
            )
        wanted = Query(query, self._query_vector(query), top_k, filters, by)
        for _ in range(_ATTEMPTS):
            self._indexes.catch_up()
            vectors, words = self._indexes.vectors, self._indexes.words
            with self._database.snapshot() as now:
                found = search(wanted, now, vectors, words)
            if found.complete:
                break
        self._indexes.settle()
        return found.hits

    def check(self) -> list[tuple[str, bool, str]]:
        """Read everything and say what holds: what was looked at, whether it is as it should be, and what was found.

        It holds of one state each, and while others write.
        """
        self._indexes.save(wait=_READERS)
        with self._database.snapshot() as now:
            found = [fault.found for fault in islice(faults(now, self.encoder.fingerprint.dimension), _TOLD)]
            rows = [("database", not found, "; ".join(found) or f"{now.count()} passages, all inside their texts")]
        rows += self._indexes.check()
        left = "" if self._indexes.forgotten else "still in files that another process reads; gone when it lets go"
        return [*rows, ("removed text", True, left or "nothing of it is left")]

    @classmethod
    def diagnose(cls, path: str | Path, encoder: Encoder) -> list[str]:
        """All that is wrong with a library's database, whether or not the library can be opened."""
        database, _ = open_database(Path(path), encoder, create=False)
        with database, database.snapshot() as now:
            return [fault.found for fault in faults(now, encoder.fingerprint.dimension)]

    @classmethod
    def repair(cls, path: str | Path, encoder: Encoder, *, wait: float = 2.0) -> list[str]:
        """Make anew what follows from the articles' texts, where it is faulty, and both indexes; what was faulty.

        Raises:
            LibraryBusy: another writer is at work.
        """
        path = Path(path)
        database, _ = open_database(path, encoder, create=False)
        with database, writer_lock(path, wait):
            with database.snapshot() as now:
                found = [fault for fault in faults(now, encoder.fingerprint.dimension) if fault.derived]
            with database.transaction() as change:
                mend(change, found)
            drop(path)
        for _ in cls.reembed(path, encoder, wait=wait):
            pass
        return [fault.found for fault in found]

    def _delete(self, article_ids: Iterable[str]) -> None:
        with self._database.transaction() as change:
            for article_id in dict.fromkeys(article_ids):
                change.delete(article_id)

    def _encode_query(self, query: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encoder.encode([query], "query")[0]
        return vector

    def _add(self, batch: list[ChunkedArticle], wait: float) -> Iterator[Outcome]:
        """What became of a batch, told when the next writer may begin: nobody waits for whoever reads it."""
        encoded = encode(batch, self.encoder, self._database)
        outcomes: list[Outcome] = []
        try:
            with self._writing(wait) if batch else nullcontext():
                for drafted, passages in zip(batch, encoded, strict=True):
                    outcomes.append(store(drafted, passages, self._database))
        except Exception:
            yield from outcomes
            raise
        yield from outcomes

    def _draft(self, article: Article) -> ChunkedArticle:
        """Nothing is cut or encoded of an article that is here already."""
        with self._database.snapshot() as now:
            article = now.placed(article)
            return ChunkedArticle(article) if now.unchanged(article) else draft(article, self.encoder)

    @contextmanager
    def _writing(self, wait: float) -> Iterator[None]:
        with writer_lock(self._path, wait):
            self._indexes.catch_up(locked=True)
            try:
                yield
            finally:
                self._indexes.catch_up(locked=True)


def _get(database: Database, article_id: str) -> Article:
    with database.snapshot() as now:
        return _found(now.article(article_id), article_id)


def _found(value: _Value | None, article_id: str) -> _Value:
    if value is None:
        raise ArticleNotFound(article_id)
    return value


def _after(limit: int, cursor: str | None) -> int:
    if limit < 1 or not (cursor is None or (cursor.isdecimal() and len(cursor) < 19)):  # SQLite counts to 2^63
        raise InvalidInput(
            "There is no such page.",
            expected="a limit of 1 or more, and no cursor or one that came with a page",
            got=f"limit {limit}, cursor {cursor!r}",
            hint="Begin without a cursor.",
        )
    return int(cursor or 0)


def _page(rows: Sequence[tuple[int, _Value]], limit: int) -> tuple[list[_Value], str | None]:
    """Those that fit on a page, and the cursor of the next one when there are more."""
    return [value for _, value in rows[:limit]], str(rows[limit - 1][0]) if len(rows) > limit else None
