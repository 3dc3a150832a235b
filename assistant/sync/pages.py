"""Feeds, sitemaps and lists of addresses as sources of a sync: a place a page, or an entry of a feed that is whole."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

from assistant.sources import read_page
from assistant.sources.feeds import FeedEntry
from assistant.sources.files import read_file_bytes
from assistant.sources.listing import WebListing
from assistant.sources.parsing import listing
from assistant.sources.records import NAMES, Record, read_record
from assistant.sync.folder import file_name
from assistant.sync.place import Place, PlaceListing, PlaceReading
from assistant.web.fetch import Fetcher
from assistant.web.page import LISTING_TYPES, Validators
from embeddings.errors import ArticleAssistantError
from embeddings.outcome import Outcome
from embeddings.storage.origins import KnownArticle

_TYPES = LISTING_TYPES | {"text/html": ".html"}  # what some servers say of a feed
_MOST_SITEMAPS = 1_000  # of an index


@dataclass
class Pages:
    """Lists the pages of a feed, a sitemap or a list of addresses, and reads those that have changed."""

    fetcher: Fetcher
    seconds: float
    _unread: list[Outcome] = field(default_factory=list)  # sitemaps of an index that could not be read

    def list_address(self, url: str) -> PlaceListing:
        """List the pages that the feed, sitemap or list at an address names.

        Raises:
            FetchError: it cannot be fetched.
            MalformedSource, TookTooLong: it cannot be read.
        """
        return self._list(url, self._fetch(url), url)

    def list_file(self, path: Path) -> PlaceListing:
        """List the pages that a file names, which is one of the same kinds.

        Raises:
            SourceError, TookTooLong: it cannot be read.
        """
        found = listing(read_file_bytes(path, self.fetcher.max_bytes), path.name, self.seconds)
        return self._list(file_name(path.resolve()), found, "")

    def _list(self, source: str, found: WebListing, base: str) -> PlaceListing:
        pages = {urljoin(base, entry.get("url") or ""): entry for entry in self._pages(found)}
        if found.kind == "feed":
            places = [self._entry(entry, base or source) for entry in found.entries]
            return PlaceListing(source, places, has_lost=partial(_is_withdrawn, _days(found.entries)))
        places = [
            Place(url, entry.get("changed") or "", partial(self._read, url, entry.get("changed") or ""))
            for url, entry in pages.items()
        ]
        return PlaceListing(source, places, self._unread, lambda _: not self._unread)

    def _pages(self, found: WebListing) -> Iterator[FeedEntry]:
        """Yield what a listing names; of an index, what its sitemaps name."""
        if found.kind != "index":
            yield from found.entries
            return
        for entry in found.entries[:_MOST_SITEMAPS]:
            try:
                yield from (one for one in self._fetch(entry["url"]).entries if one.get("url"))
            except ArticleAssistantError as error:
                self._unread.append(Outcome(status="skipped", path=entry["url"], reason=str(error), error=error))

    def _fetch(self, url: str) -> WebListing:
        return listing(self.fetcher.fetch(url, _TYPES).content, url, self.seconds)

    def _entry(self, entry: FeedEntry, base: str) -> Place:
        url = urljoin(base, entry.get("url") or "") if entry.get("url") else ""
        changed = entry.get("changed") or ""
        if url and not entry["whole"]:
            return Place(url, changed, partial(self._read, url, changed))
        row = {name: value for name, value in entry.items() if name not in {"changed", "whole"}} | {"url": url or None}
        version = hashlib.sha256(json.dumps(row).encode()).hexdigest()
        place = url or f"{base}#{entry.get('id') or version}"

        def read(_: str) -> PlaceReading:
            return PlaceReading(version, [Record(place, read_record(row, _NAMES, base, self.seconds))])

        return Place(place, version, read)

    def _read(self, url: str, changed: str, stamp: str) -> PlaceReading | None:
        """Return the article of a page, or None if its server says that it has not changed."""
        _, *known = stamp.split("\n")
        page = self.fetcher.fetch_changed(url, Validators(*known) if known else None)
        if page is None:
            return None
        article = read_page(page, seconds=self.seconds)
        return PlaceReading("\n".join((changed, *page.validators)), [Record(url, article)])


_NAMES = {name: (name,) for name in NAMES}


def _days(entries: Sequence[FeedEntry]) -> Sequence[str]:
    return [entry.get("published") or "" for entry in entries]


def _is_withdrawn(days: Sequence[str], known: KnownArticle) -> bool:
    """Return True if an entry that a feed no longer has is newer than the oldest that it has: it did not age out."""
    oldest = min(days)[:10]
    return bool(oldest) and known.published is not None and known.published.isoformat() > oldest
