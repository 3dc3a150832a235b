"""The facade of the project: adds articles, answers questions, searches and checks. Every door goes through it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant.answer import Answer, Citation, ExampleQuestion, LikeReply, Passage, SearchReply, Sentence
from assistant.answering.filter_notices import filter_notices
from assistant.check import CheckedSentence, CheckReply
from assistant.errors import PageNotFound
from assistant.grounding.location import locate_passage
from assistant.grounding.verification import StoredCitation, Verification, verify
from assistant.request import AskRequest, CheckRequest, LikeRequest, Message, SearchRequest
from assistant.settings import Settings
from embeddings.encoder import load_encoder
from embeddings.filters import Filters
from embeddings.text.article import Article, Entry, Span

if TYPE_CHECKING:  # faiss loads with the library, when one is opened
    from assistant.answering.stages import Stage
    from assistant.web.fetch import Fetcher
    from embeddings.library import Library
    from embeddings.outcome import Outcome


class Assistant:
    """Answers questions about the articles of one library. Safe to use from several threads."""

    def __init__(self, library: "Library", settings: Settings) -> None:
        """Answer from a library that is open. To open one, use :meth:`open`."""
        from assistant.answering.example_questions import ExampleQuestions
        from assistant.answering.pipeline import AnswerPipeline  # loads faiss

        self.library = library
        self.settings = settings
        self._pipeline = AnswerPipeline(library, settings)
        self._examples = ExampleQuestions(library, self.answer)

    @classmethod
    def open(cls, library: str | Path | None = None, *, settings: Settings | None = None, create: bool = True) -> Self:
        """Open the library in a folder, by default that of the settings.

        Args:
            library: the folder.
            settings: by default those of the environment.
            create: create the library if the folder has none.

        Raises:
            InvalidInput: a setting of the environment is not valid.
            LibraryError: the folder cannot be used as a library.
            EncoderUnavailable: the model of the settings is not on this machine.
            ExtraMissing, IndexUnavailable: Milvus is to be used, and is not installed or does not answer.
        """
        from embeddings.library import Library

        settings = settings or Settings.read()
        encoder = load_encoder(settings.encoder)
        folder, url = library or settings.library, settings.library_database
        opened = Library.open(folder, encoder, create=create, database_url=url, milvus=settings.milvus)
        return cls(opened, settings)

    @classmethod
    def from_export(
        cls, file: str | Path, library: str | Path | None = None, *, settings: Settings | None = None
    ) -> Self:
        """Make a library of a file that :meth:`export` wrote, in a folder that is new or empty, and open it.

        Raises:
            LibraryUnreadable: the file is not an export, or is damaged; nothing was made.
            LibraryMismatch: another encoder, or a newer version of this program, made it; nothing was made.
            LibraryError: there is a library in the folder.
        """
        from embeddings.maintenance import import_export

        settings = settings or Settings.read()
        encoder, url = load_encoder(settings.encoder), settings.library_database
        import_export(library or settings.library, encoder, file, database_url=url)
        return cls.open(library, settings=settings, create=False)

    def load(self) -> None:
        """Load the models, which otherwise load with the first question.

        Raises:
            ReaderUnavailable: the reader's weights do not load.
        """
        self._pipeline.load()

    def close(self) -> None:
        """Save the indexes and close the library."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(
        self, *paths: str | Path, follow_links: bool = False, fields: Mapping[str, str] | None = None
    ) -> "list[Outcome]":
        """Add files, the files of folders, and pages at http and https addresses.

        Return one outcome for each article, with the reason if it was skipped. Links out of a folder and to folders are
        skipped unless ``follow_links``. ``fields`` names the fields of JSON Lines and tables by those of an article:
        ``{"text": "body"}``.

        Raises:
            SourceMissing: one of the paths does not exist; nothing was added.
            InvalidInput: ``fields`` has a field that articles have not; nothing was added.
            LibraryBusy: another process is writing.
        """
        return list(self.add_each(*paths, follow_links=follow_links, fields=fields))

    def add_each(
        self,
        *paths: str | Path,
        follow_links: bool = False,
        fields: Mapping[str, str] | None = None,
        ray: str | None = None,
    ) -> "Iterator[Outcome]":
        """Add articles like :meth:`add`, and yield each outcome once its article is stored.

        With ``ray``, the address of a Ray cluster or ``local``, files are read and encoded on it.
        """
        from assistant.sources.ingestion import ingest

        cluster = None
        if ray:
            from assistant.sources.cluster import Cluster

            cluster = Cluster.of(ray, self.library, self.settings)

        yield from ingest(
            self.library,
            paths,
            self._fetcher(),
            seconds=self.settings.reading_seconds,
            follow_links=follow_links,
            fields=fields,
            cluster=cluster,
        )

    def sync(
        self,
        source: str | Path,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        dry_run: bool = False,
        allow_empty: bool = False,
    ) -> "list[Outcome]":
        """Add, replace and remove articles so that the library has those of a source.

        Return one outcome for each article: added, unchanged, replaced, removed or skipped. Articles that no sync of
        the source added are never removed, nor those of a place that cannot be read.

        Args:
            source: a folder; the address of a feed, a sitemap or a list of addresses; or a file with such a list.
            include: patterns of paths or addresses, such as ``news/*.md``; all others are left as they are.
            exclude: patterns of those that are left as they are, too.
            dry_run: return what would come of it, and store nothing.
            allow_empty: remove the articles of a folder without any file that can be read, which else is refused.

        Raises:
            SourceError, TookTooLong: the source cannot be read, or is an empty folder; nothing was changed.
            LibraryBusy: another process is writing.
        """
        return list(self.sync_each(source, include=include, exclude=exclude, dry_run=dry_run, allow_empty=allow_empty))

    def sync_each(
        self,
        source: str | Path,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        dry_run: bool = False,
        allow_empty: bool = False,
    ) -> "Iterator[Outcome]":
        """Sync like :meth:`sync`, and yield each outcome once it is known."""
        from assistant.sync.place import Selection
        from assistant.sync.synchronisation import Synchronisation, list_places

        listing = list_places(source, self._fetcher(), seconds=self.settings.reading_seconds)
        selection = Selection(tuple(include), tuple(exclude))
        return Synchronisation(self.library, listing, selection, allow_empty=allow_empty).run(dry_run=dry_run)

    def add_article(self, article: Article) -> "Outcome":
        """Add one article that is already parsed."""
        (outcome,) = self.library.add([article])
        return outcome

    def get(self, article_id: str) -> Article:
        """Return the article with this id.

        Raises:
            ArticleNotFound: the library has no such article.
        """
        return self.library.get(article_id)

    def page_image(self, article_id: str, page: int, start: int = 0, end: int = 0) -> bytes:
        """Return a page of a PDF document as a PNG image, with the characters from ``start`` to ``end`` marked.

        Raises:
            ArticleNotFound: the library has no such article.
            PageNotFound: the article has no such page, or its file was not kept.
            MalformedSource, TookTooLong: the page cannot be drawn.
        """
        from assistant.sources import page_image

        original = self.library.original(article_id)
        pages = self.library.entry(article_id).article.metadata.get("page_count")
        if original is None or not isinstance(pages, int) or not 1 <= page <= pages:
            raise PageNotFound(article_id, page, pages if original else None)
        boxes = self.library.excerpt(article_id, Span(start=min(start, end), end=end)).boxes
        return page_image(original, page, boxes, self.settings.reading_seconds)

    def articles(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Article], str | None]:
        """Return a page of articles in the order in which they were added, and the cursor of the next page."""
        return self.library.articles(limit, cursor)

    def remove(self, *article_ids: str) -> None:
        """Remove articles, all of them or none. Nothing of them stays in the library's files.

        Raises:
            ArticleNotFound: the library does not have all of them; none was removed.
        """
        self.library.remove(*article_ids)

    def export(self, file: str | Path) -> dict[str, int]:
        """Write the whole library to a new file, while others may write, and return the number of rows by table.

        Raises:
            LibraryError: there is a file already, or it cannot be written.
        """
        return self.library.export(file)

    def search(
        self, query: str, *, top_k: int = 8, filters: Filters | None = None, group: bool = False
    ) -> list[Passage]:
        """Return the passages that match a query best, best first; each is its own citation.

        With ``group`` only the best passage of each article is returned.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        request = SearchRequest.read(query=query, top_k=top_k, filters=filters, group=group)
        return list(self.run_search(request).passages)

    def run_search(self, request: SearchRequest) -> SearchReply:
        """Answer a validated search request, with an explanation if it asks for one."""
        from assistant.answering.explanation import explain_search

        notices = filter_notices(self.library, request.filters)
        hits = self.library.search(request.query, request.top_k, request.filters, group=request.group)
        passages = tuple(locate_passage(hit, self.settings.public_url, self.library.get) for hit in hits)
        explain = explain_search(request.query, hits, request.filters) if request.explain else None
        return SearchReply(query=request.query, passages=passages, notices=notices, explain=explain)

    def like(self, article: str | Path | Article, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        """Return the best passage of each of the articles that are most like one, without copies of it.

        Args:
            article: the id or title of an article of the library; or a file or an article that need not be in it.
            top_k: the most articles to find.
            filters: which articles to search; None for all.

        Raises:
            ArticleNotFound: the library has no such article, and there is no such file.
            InvalidInput: a value is out of its bounds, or several articles have the title.
            SourceError, TookTooLong: the file cannot be read.
        """
        from assistant.sources.article_reference import find_article

        meant = find_article(article, self.library, self.settings)
        return list(self.run_like(LikeRequest.read(article_id=meant.id, top_k=top_k, filters=filters), meant).passages)

    def run_like(self, request: LikeRequest, article: Entry | None = None) -> LikeReply:
        """Find articles like one, for a validated request; ``article`` is the one, if it is not in the library."""
        notices = filter_notices(self.library, request.filters)
        like = article if isinstance(article, Article) else request.article_id
        hits = self.library.like(like, request.top_k, request.filters)
        passages = tuple(locate_passage(hit, self.settings.public_url, self.library.get) for hit in hits)
        return LikeReply(article_id=request.article_id, passages=passages, notices=notices)

    def verify(
        self, citations: Iterable[StoredCitation], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Verification]:
        """Return the state of stored citations, in their order: fresh, moved, changed or deleted.

        Args:
            citations: the citations to check.
            cancelled: true once the caller no longer waits; the result then has fewer items.
        """
        return verify(tuple(citations), self.library.get, cancelled)

    def check(self, text: str, filters: Filters | None = None) -> CheckReply:
        """Return each sentence of a text with a verdict: verbatim, supported, contradicted or not found.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        return self.run_check(CheckRequest.read(text=text, filters=filters))

    def run_check(self, request: CheckRequest, cancelled: Callable[[], bool] = lambda: False) -> CheckReply:
        """Answer a validated check request.

        Raises:
            CancelledError: ``cancelled`` became true.
        """
        for part in self.stream_check(request, cancelled):
            if isinstance(part, CheckReply):
                return part
        raise CancelledError

    def stream_check(
        self, request: CheckRequest, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Citation | CheckedSentence | CheckReply]:
        """Yield each sentence once it is checked, after its citation, and the whole reply last.

        Args:
            request: a validated request.
            cancelled: true once the caller no longer waits; the iterator then ends without a reply.
        """
        from assistant.grounding.text_check import check_text  # loads faiss

        notices = filter_notices(self.library, request.filters)
        return check_text(
            self.library, self.settings.public_url, self._pipeline.checker, request, cancelled, notices=notices
        )

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
        mode: str = "auto",
        explain: bool = False,
    ) -> Answer:
        """Return an answer in which every sentence has a checked citation, or an abstention with its reason.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        turns = tuple(history) if history else None
        return self.answer(
            AskRequest.read(question=question, top_k=top_k, filters=filters, history=turns, mode=mode, explain=explain)
        )

    def answer(self, request: AskRequest, cancelled: Callable[[], bool] = lambda: False) -> Answer:
        """Answer a validated request.

        Raises:
            CancelledError: ``cancelled`` became true.
        """
        for part in self.stream_answer(request, cancelled):
            if isinstance(part, Answer):
                return part
        raise CancelledError

    def stream_answer(
        self,
        request: AskRequest,
        cancelled: Callable[[], bool] = lambda: False,
        on_stage: "Callable[[Stage], None]" = lambda _: None,
    ) -> Iterator[Citation | Sentence | Answer]:
        """Yield each sentence once it is checked, after its citations, and the whole answer last.

        Args:
            request: a validated request.
            cancelled: true once the caller no longer waits; the iterator then ends without an answer.
            on_stage: is called when a stage of the work begins.
        """
        return self._pipeline.stream(request, cancelled, filter_notices(self.library, request.filters), on_stage)

    def examples(
        self, limit: int = 4, article_id: str | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> list[ExampleQuestion]:
        """Return at most ``limit`` questions that the articles answer: each was asked before it is returned.

        Args:
            limit: how many are wanted; the last of them asks for a digest.
            article_id: the article that answers them; by default any of those that were added last.
            cancelled: true once the caller no longer waits; the result then has fewer items.

        Raises:
            ArticleNotFound: the library has no such article.
        """
        return self._examples.draw(limit, article_id, cancelled)

    def _fetcher(self) -> "Fetcher":
        from assistant.web.fetch import Fetcher

        return Fetcher(
            self.settings.max_article_bytes, self.settings.fetch_seconds, self.settings.allowed_private_hosts
        )
