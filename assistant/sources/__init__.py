"""Readers: from bytes or text of any known kind to an :class:`~embeddings.text.article.Article`.

text: bytes → encoding.decode → kind.detect_text_kind → parsing.parse      → ParsedArticle → Article
else: bytes →                   kind.detect_file_kind → parsing.parse_file → ParsedArticle → Article
"""

import codecs
import os
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from assistant.sources.encoding import decode, known_encoding
from assistant.sources.files import find_files, read_file_bytes, reject_too_large
from assistant.sources.front_matter import date_at_start
from assistant.sources.kind import detect_file_kind, detect_text_kind
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.parsing import SECONDS, page_image, parse, parse_file
from assistant.web.page import FetchedPage
from embeddings.text.article import Article

__all__ = [
    "SECONDS",
    "find_files",
    "page_image",
    "read_bytes",
    "read_file",
    "read_html",
    "read_markdown",
    "read_page",
    "read_text",
]


def read_file(path: Path, *, max_bytes: int, seconds: float = SECONDS) -> Article:
    """Read the article in a file, whose kind is detected from its content, else from its suffix.

    Raises:
        SourceMissing: the path does not exist.
        SourceTooLarge: the file has more than ``max_bytes`` bytes.
        UnknownKind: the path is a folder, a device or a binary file, or the suffix is unknown.
        MalformedSource: the encoding is unknown, or the page has no main text.
        SourceError: the operating system refuses to read the file.
        TookTooLong: parsing took more than ``seconds``.
        InvalidInput: the file has no text.
    """
    data = read_file_bytes(path, max_bytes)
    parsed = _parse_bytes(data, path.name, seconds)
    # A file name may not be valid Unicode, but the article's id is derived from Unicode text.
    name = os.fsencode(path.resolve()).decode(errors="backslashreplace")
    return parsed.article(path=name, original=data if parsed.pages else None)


def read_bytes(data: bytes, *, name: str, max_bytes: int, seconds: float = SECONDS) -> Article:
    """Read the article in an uploaded file, whose name is kept as metadata ``file_name``.

    The name does not identify the article: two uploads called ``index.html`` are two articles if their content differs.

    Raises:
        SourceTooLarge, UnknownKind, MalformedSource, TookTooLong, InvalidInput: as in :func:`read_file`.
    """
    reject_too_large(name, len(data), max_bytes)
    parsed = _parse_bytes(data, name, seconds)
    parsed = replace(parsed, metadata={**parsed.metadata, "file_name": name})
    return parsed.article(original=data if parsed.pages else None)


def read_page(page: FetchedPage, *, seconds: float = SECONDS) -> Article:
    """Read the article in a page of the web. Its URL is the canonical one that the page names on its own host.

    Raises:
        MalformedSource, TookTooLong, InvalidInput: as in :func:`read_file`.
    """
    data = page.content
    encoding = known_encoding(page.charset or "")
    if encoding and page.media_type.startswith(("text/", "application/xhtml")):
        with suppress(UnicodeError):  # a wrong charset: the bytes tell the encoding
            data = codecs.BOM_UTF8 + data.decode(encoding).encode()
    parsed = _parse_bytes(data, f"page{page.suffix}", seconds)
    is_own = bool(parsed.url) and urlsplit(parsed.url).hostname == urlsplit(page.url).hostname
    return parsed.article(url=parsed.url if is_own else page.url, original=data if parsed.pages else None)


def read_text(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
) -> Article:
    """Make an article from plain text, of which line ends are normalised and the headline becomes the title.

    Raises:
        InvalidInput: the text is blank or has a lone surrogate, or the URL is not an absolute http or https URL.
    """
    return ParsedArticle(text, is_plain=True).article(url=url, title=title, source=source, published=published)


def read_markdown(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
    seconds: float = SECONDS,
) -> Article:
    """Make an article from Markdown. Arguments take precedence over its front matter.

    Raises:
        MalformedSource, TookTooLong: as in :func:`read_file`.
        InvalidInput: as in :func:`read_text`.
    """
    return parse("markdown", text, seconds).article(url=url, title=title, source=source, published=published)


def read_html(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
    seconds: float = SECONDS,
) -> Article:
    """Make an article from the main text of an HTML page. Arguments take precedence over the page's metadata.

    Nothing is fetched and no script is run.

    Raises:
        MalformedSource: the page has no main text.
        TookTooLong: as in :func:`read_file`.
        InvalidInput: as in :func:`read_text`.
    """
    return parse("html", text, seconds).article(url=url, title=title, source=source, published=published)


def _parse_bytes(data: bytes, name: str, seconds: float) -> ParsedArticle:
    if kind := detect_file_kind(data, name):
        parsed = parse_file(kind, data, seconds)
    else:
        decoded = decode(data, name)
        parsed = parse(detect_text_kind(decoded.text, name), decoded.text, seconds)
        parsed = replace(parsed, metadata={**parsed.metadata, **decoded.metadata})
    # As Jekyll names its posts: 2017-04-27-remembering.md.
    return replace(parsed, published=parsed.published or date_at_start(name))
