"""Listings of pages: sitemaps and their indexes, feeds, and texts with an address a line."""

import zlib
from typing import Literal, NamedTuple

from lxml import etree

from assistant.errors import MalformedSource
from assistant.sources.feeds import FeedEntry, all_entries
from assistant.sources.parsed_article import is_web_address

ListingKind = Literal["index", "sitemap", "feed", "list"]
_GZIP = b"\x1f\x8b"
_MOST = 60_000_000  # bytes of a listing that was packed; a sitemap has 50 MB at most


class WebListing(NamedTuple):
    """What a listing names: of a feed its entries, else pages, or sitemaps, with ``url`` and perhaps ``changed``."""

    kind: ListingKind
    entries: list[FeedEntry]


def read_listing(data: bytes, name: str) -> WebListing:
    """Return what a listing names.

    Raises:
        MalformedSource: it is none, or names nothing.
    """
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _MOST)
        except zlib.error as error:
            raise _no_listing(name, str(error)) from None
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        listing = _sitemap(data) or WebListing("feed", list(all_entries(data)))
    elif start.startswith(b"{"):
        listing = WebListing("feed", list(all_entries(data)))
    else:
        lines = (line.strip() for line in start.decode("utf-8", "replace").splitlines())
        listing = WebListing("list", [{"url": line} for line in lines if line and not line.startswith("#")])
    if not listing.entries or (listing.kind == "list" and not is_web_address(listing.entries[0]["url"])):
        raise _no_listing(name, "none")
    return listing


def _sitemap(data: bytes) -> WebListing | None:
    """Return the pages of a sitemap, or the sitemaps of an index; None if it is neither."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser)
    kinds: dict[str, ListingKind] = {"urlset": "sitemap", "sitemapindex": "index"}
    kind = kinds.get(etree.QName(root).localname) if root is not None else None
    if kind is None:
        return None
    entries = []
    for entry in root.iterchildren("{*}url", "{*}sitemap"):
        url = (entry.findtext("{*}loc") or "").strip()
        if url:
            entries.append({"url": url, "changed": " ".join((entry.findtext("{*}lastmod") or "").split())})
    return WebListing(kind, entries)


def _no_listing(name: str, got: str) -> MalformedSource:
    return MalformedSource(
        f"{name!r} names no pages.",
        expected="a feed, a sitemap, or a text with an address a line",
        got=got,
        hint="Look at it in a browser; nothing was changed.",
    )
