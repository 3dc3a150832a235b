"""Parsing of texts and files of a known kind: files and long texts in a subprocess with a timeout."""

import json
from collections.abc import Callable, Sequence
from functools import partial

from pydantic import TypeAdapter

from assistant.errors import MalformedSource
from assistant.sources import docx, epub, html, mail, markdown, odt, pdf, pptx, rst, seed
from assistant.sources.feeds import FeedEntry, read_feed
from assistant.sources.kind import FileKind, Kind, TextKind
from assistant.sources.listing import WebListing, read_listing
from assistant.sources.page_image import draw_page
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.worker import WorkerEnded, call, serve
from embeddings.errors import ArticleAssistantError
from embeddings.text.article import reject_lone_surrogates
from embeddings.text.page_map import Box

__all__ = ["SECONDS", "feed_entries", "listing", "page_image", "parse", "parse_file", "run", "serve"]

SECONDS = 60.0  # timeout of parsing; the longest known articles take a tenth of it

_MAX_INLINE = 10_000  # characters that are parsed without a subprocess: at worst they take a second
_PARSED = TypeAdapter(ParsedArticle)
_ON_PAGE = TypeAdapter(list[Box])

_TRUSTED_PARSERS: dict[Kind, Callable[[str], ParsedArticle]] = {
    "seed": seed.parse,
    "text": partial(ParsedArticle, is_plain=True),
}
_TEXT_PARSERS: dict[str, Callable[[str], ParsedArticle]] = {
    "markdown": markdown.parse,
    "html": html.parse,
    "rst": rst.parse,
}
_FILE_PARSERS: dict[str, Callable[[bytes], ParsedArticle]] = {
    "pdf": pdf.parse,
    "docx": docx.parse,
    "epub": epub.parse,
    "odt": odt.parse,
    "pptx": pptx.parse,
    "mail": mail.parse_mail,
    "saved page": mail.parse_saved_page,
}
_PAGE_IMAGE, _FEED, _LISTING = "page image", "feed", "listing"


def parse(kind: TextKind, text: str, seconds: float = SECONDS) -> ParsedArticle:
    """Parse a text of this kind.

    Raises:
        InvalidInput: the text has a lone surrogate.
        MalformedSource: the text has no main text, or the parser fails.
        TookTooLong: parsing took more than ``seconds``.
        Cancelled: the work was cancelled.
    """
    if kind in _TRUSTED_PARSERS:
        return _TRUSTED_PARSERS[kind](text)
    reject_lone_surrogates("text", text)
    if len(text) <= _MAX_INLINE:
        return _parse(kind, text.encode())
    return _parse_apart(kind, text.encode(), seconds)


def parse_file(kind: FileKind, data: bytes, seconds: float = SECONDS) -> ParsedArticle:
    """Parse a file of this kind, which is not text.

    Raises:
        MalformedSource, TookTooLong, Cancelled: as in :func:`parse`.
    """
    return _parse_apart(kind, data, seconds)


def feed_entries(data: bytes, name: str, seconds: float = SECONDS) -> list[FeedEntry]:
    """Return the entries of a feed that have a text, in its order; ``name`` is the file's, for errors.

    Raises:
        MalformedSource, TookTooLong, Cancelled: as in :func:`parse`.
    """
    try:
        return list(json.loads(call(_FEED, name, data, seconds)))
    except WorkerEnded as ended:
        raise _unparsable("a feed", f"a parser that ended with {ended.code}") from None


def listing(data: bytes, name: str, seconds: float = SECONDS) -> WebListing:
    """Return what a feed, a sitemap or a list of addresses names; ``name`` is its own, for errors.

    Raises:
        MalformedSource, TookTooLong, Cancelled: as in :func:`parse`.
    """
    try:
        return WebListing(*json.loads(call(_LISTING, name, data, seconds)))
    except WorkerEnded as ended:
        raise _unparsable("a listing of pages", f"a parser that ended with {ended.code}") from None


def page_image(original: bytes, page: int, boxes: Sequence[Box], seconds: float = SECONDS) -> bytes:
    """Return a page of a PDF document as a PNG image, with boxes marked. Pages count from 1.

    Raises:
        MalformedSource: the page cannot be drawn.
        TookTooLong, Cancelled: as in :func:`parse`.
    """
    options = _ON_PAGE.dump_json([box for box in boxes if box.page == page]).decode()
    try:
        return call(f"{_PAGE_IMAGE} {page}", options, original, seconds)
    except WorkerEnded as ended:
        raise _unparsable("a page", f"a program that ended with {ended.code}") from None


def run(task: str, options: str, data: bytes) -> bytes:
    """Parse or draw, in a subprocess; ``task`` is the kind of the article, or that of a page's image and its number."""
    if task == _FEED:
        return json.dumps(list(read_feed(data, options))).encode()
    if task == _LISTING:
        return json.dumps(read_listing(data, options)).encode()
    name, _, number = task.rpartition(" ")
    if name == _PAGE_IMAGE:
        return draw_page(data, int(number), _ON_PAGE.validate_json(options))
    return _PARSED.dump_json(_parse(task, data))


def _parse_apart(kind: Kind, data: bytes, seconds: float) -> ParsedArticle:
    try:
        return _PARSED.validate_json(call(kind, "", data, seconds))
    except WorkerEnded as ended:
        raise _unparsable(kind, f"a parser that ended with {ended.code}") from None


def _parse(kind: str, data: bytes) -> ParsedArticle:
    try:
        if kind in _FILE_PARSERS:
            return _FILE_PARSERS[kind](data)
        return _TEXT_PARSERS[kind](data.decode())
    except ArticleAssistantError:
        raise
    except Exception as error:
        raise _unparsable(kind, f"{type(error).__name__}: {error}"[:200]) from error


def _unparsable(kind: str, got: str) -> MalformedSource:
    return MalformedSource(
        "The article cannot be read.",
        expected=f"{kind} that its parser can read",
        got=got,
        hint="Give the article as plain text.",
    )
