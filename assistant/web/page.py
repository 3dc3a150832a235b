"""What is fetched: a page with its type and validators, and what is read of a reply within limits."""

import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from typing import NamedTuple

import httpcore2

from assistant.errors import FetchError, FetchTooLarge, PageKindUnknown

_OFFICE = "application/vnd.openxmlformats-officedocument"
ARTICLE_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
LISTING_TYPES = {
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/feed+json": ".json",
    "application/json": ".json",
    "text/plain": ".txt",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
}


class Validators(NamedTuple):
    """What a server said of a page that was fetched, by which it tells later whether the page has changed."""

    url: str
    etag: str = ""
    modified: str = ""

    def headers(self, url: str) -> dict[str, str]:
        """Return the headers that ask for the page at a URL only if it has changed; none for another URL."""
        if url != self.url:
            return {}
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


class FetchedPage(NamedTuple):
    """A page: the address that it came from in the end, its media type and charset, its bytes and its validators."""

    url: str
    media_type: str
    charset: str | None
    content: bytes
    validators: Validators

    @property
    def suffix(self) -> str:
        """The suffix of a file of this type."""
        return (LISTING_TYPES | ARTICLE_TYPES)[self.media_type]


def content_type(headers: Mapping[str, str], types: Collection[str]) -> tuple[str, str | None]:
    """Return the media type and the charset of a reply.

    Raises:
        PageKindUnknown: it is not one of the types.
    """
    media_type, _, parameters = headers.get("content-type", "text/html").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in types:
        raise PageKindUnknown(
            "The page is of a type that is not read.",
            expected=", ".join(types),
            got=repr(media_type[:80]),
            hint="A feed, a sitemap or a list of addresses is read by `assistant sync`."
            if media_type in LISTING_TYPES
            else "Save it as text or HTML, and add the file.",
        )
    _, found, charset = parameters.lower().partition("charset=")
    return media_type, charset.split(";")[0].strip(" \"'") if found else None


async def read_content(
    url: str, response: httpcore2.Response, headers: Mapping[str, str], most: int, *, whole: bool
) -> bytes:
    """Return the content of a reply, unpacked; at most so many bytes of it unless the ``whole`` is wanted.

    Raises:
        FetchTooLarge: it is larger than ``most`` bytes, and the whole is wanted.
        PageKindUnknown: it is packed in another way than gzip.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "", "gzip", "x-gzip"}:
        raise refused(
            PageKindUnknown,
            url,
            expected="a reply as it is, or packed by gzip",
            got=repr(encoding),
            hint="Save the page, and add the file.",
        )
    length = headers.get("content-length", "")
    size = int(length) if whole and length.isascii() and length.isdigit() and len(length) < 20 else 0
    content = bytearray()
    if size <= most:
        async for part in _unpacked(response, most) if "gzip" in encoding else response.aiter_stream():
            content += part
            if len(content) > most:
                break
    if whole and max(size, len(content)) > most:
        got = f"{size:,} bytes" if size > most else "more" + (", unpacked" if "gzip" in encoding else "")
        hint = "Raise ASSISTANT_MAX_ARTICLE_BYTES if it is one article."
        raise refused(FetchTooLarge, url, expected=f"at most {most:,} bytes", got=got, hint=hint)
    return bytes(content[:most])


def refused(kind: type[FetchError], url: str, *, expected: str, got: str, hint: str) -> FetchError:
    """Return the error of a page that was not fetched."""
    return kind(f"{url[:200]!r} was not fetched.", expected=expected, got=got[:200].rstrip("."), hint=hint)


async def _unpacked(response: httpcore2.Response, most: int) -> AsyncIterator[bytes]:
    """Yield the content of a gzip reply, in portions of ``most`` bytes and one at most, however well it is packed."""
    unpacker = zlib.decompressobj(wbits=31)
    async for part in response.aiter_stream():
        while part:
            yield unpacker.decompress(part, most + 1)
            part = unpacker.unconsumed_tail  # noqa: PLW2901
