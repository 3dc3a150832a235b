"""A sync: the articles of a source's places are added, replaced and removed, so that a library has what they have."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from assistant.errors import PageGone, SourceError, SourceMissing
from assistant.sources.ingestion import is_address
from assistant.sync.folder import list_folder
from assistant.sync.pages import Pages
from assistant.sync.place import Place, PlaceListing, Selection
from assistant.web.fetch import Fetcher
from embeddings.cancellation import checkpoint
from embeddings.errors import ArticleAssistantError
from embeddings.library import Library
from embeddings.outcome import Outcome, Status
from embeddings.storage.origins import Found, KnownArticle
from embeddings.text.article import Article, Origin


def list_places(source: str | Path, fetcher: Fetcher, *, seconds: float) -> PlaceListing:
    """List the places of a folder, of an address, or of a file that names addresses.

    Raises:
        SourceMissing: there is no such folder or file.
        SourceError, TookTooLong: it cannot be read.
    """
    if is_address(source):
        return Pages(fetcher, seconds).list_address(str(source))
    path = Path(source)
    if path.is_dir():
        return list_folder(path, max_bytes=fetcher.max_bytes, seconds=seconds)
    if path.is_file():
        return Pages(fetcher, seconds).list_file(path)
    raise SourceMissing(
        f"There is nothing at {str(source)!r}.",
        expected="a folder, the address of a feed or a sitemap, or a file with an address a line",
        got="a path to nothing",
        hint="Check the path, or mount the folder; nothing was changed.",
    )


class Synchronisation:
    """Brings a library in step with the places of a listing, once.

    What has not changed since the last sync is not read. Only what a sync of this source added is removed, once its
    place is listed no more or has it no more; a place that cannot be read keeps its articles.
    """

    def __init__(
        self, library: Library, listing: PlaceListing, selection: Selection, *, allow_empty: bool = False
    ) -> None:
        """Compare a listing with what a library has of its source, as far as a selection has it.

        Raises:
            SourceError: a folder has no file that can be read, all its articles would be removed, and this is not
                allowed with ``allow_empty``.
        """
        self._library, self._listing = library, listing
        self._selection = replace(selection, root=listing.root)
        self._known = defaultdict[str, list[KnownArticle]](list)
        for one in library.known_articles(listing.source):
            if self._selection.has(one.place):
                self._known[one.place].append(one)
        known = () if listing.places or allow_empty else chain.from_iterable(self._known.values())
        if lost := sum(one.owned and listing.has_lost(one) for one in known):
            raise SourceError(
                f"{listing.source!r} has no file that can be read.",
                expected=f"a folder with files, since the library has {lost:,} articles of it",
                got="a folder without any, as one that is not mounted is",
                hint="Mount it; nothing was changed. To remove its articles, use --allow-empty (allow_empty=True).",
            )
        self._listed, self._failed, self._kept = set[str](), set[str](), set[Found]()
        self._pending = deque[tuple[str, str]]()  # the places of articles without an outcome, and what to call them
        self._ready = deque(one for one in listing.skipped if self._selection.has(one.path or ""))

    def run(self, *, dry_run: bool = False) -> Iterator[Outcome]:
        """Yield an outcome for each article, with ``dry_run`` the one that there would be: then nothing is stored.

        Raises:
            LibraryBusy: Another writer is at work.
        """
        outcomes = map(self._library.compare, self._articles()) if dry_run else self._library.add(self._articles())
        for outcome in outcomes:
            yield from self._drain()
            place, path = self._pending.popleft()
            if outcome.status == "skipped":
                self._failed.add(place)
            self._kept.add((place, outcome.article_id or ""))
            yield outcome.model_copy(update={"path": path})
        yield from self._drain()
        gone = {(one.place, one.article_id): one for one in self._gone()}
        source, still_here = self._listing.source, {article_id for _, article_id in self._kept}
        ids = self._library.removable(source, gone) if dry_run else self._library.release(source, gone, self._failed)
        by_id = {one.article_id: one for one in gone.values()}
        yield from (_outcome("removed", by_id[one]) for one in ids if one not in still_here)

    def _articles(self) -> Iterator[Article]:
        for place in self._listing.places:
            if place.name in self._listed or not self._selection.has(place.name):
                continue
            checkpoint()
            self._listed.add(place.name)
            try:
                yield from self._read(place)
            except ArticleAssistantError as error:
                if not (self._known[place.name] and isinstance(error, PageGone)):
                    self._skip(place, place.name, error)

    def _read(self, place: Place) -> Iterator[Article]:
        """Yield the articles of a place, unless it has not changed."""
        before = self._known[place.name]
        stamps = {one.stamp for one in before}
        stamp = stamps.pop() if len(stamps) == 1 else ""
        reading = None if place.is_unchanged(stamp) else place.read(stamp)
        if reading is None:
            self._kept.update((place.name, one.article_id) for one in before)
            self._ready.extend(_outcome("unchanged", one) for one in before)
            return
        origin = Origin(self._listing.source, place.name, reading.stamp)
        for path, article, error in reading.records:
            if article is None:
                self._skip(place, path, error)
            else:
                self._pending.append((place.name, path))
                yield article.model_copy(update={"origin": origin})

    def _skip(self, place: Place, path: str, error: ArticleAssistantError | None) -> None:
        self._failed.add(place.name)
        self._ready.append(Outcome(status="skipped", path=path, reason=str(error), error=error))

    def _gone(self) -> Iterator[KnownArticle]:
        """Yield the articles that their places had and have no more."""
        for one in chain.from_iterable(self._known.values()):
            is_read = one.place not in self._failed and (one.place, one.article_id) not in self._kept
            if is_read and (one.place in self._listed or self._listing.has_lost(one)):
                yield one

    def _drain(self) -> Iterator[Outcome]:
        while self._ready:
            yield self._ready.popleft()


def _outcome(status: Status, one: KnownArticle) -> Outcome:
    return Outcome(status=status, article_id=one.article_id, title=one.title, path=one.place)
