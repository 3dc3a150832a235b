"""Reading articles: bytes or text of any known kind become one :class:`~embeddings.text.article.Article`.

bytes → encoding.decode → kind.kind_of → parsing.parse → Draft → Article
"""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.sources.encoding import decode
from assistant.sources.files import file_bytes, find_files, reject_too_large
from assistant.sources.kind import kind_of
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.parsing import SECONDS, parse
from embeddings.text.article import Article

__all__ = ["SECONDS", "find_files", "read_bytes", "read_file", "read_html", "read_markdown", "read_text"]


def read_file(path: Path, *, max_bytes: int, seconds: float = SECONDS) -> Article:
    """The article in a file, whose kind is told by its content first and then by its suffix.

    Raises:
        SourceMissing: there is nothing at the path.
        SourceTooLarge: the file is over ``max_bytes``; it was not read whole.
        UnknownKind: a folder, a device, a binary file, or a suffix that says nothing.
        MalformedSource: its bytes are in no known encoding, or the page has no main text.
        SourceError: the system does not let it be read.
        TookTooLong: reading it took more than so many seconds.
        InvalidInput: there is no text in it.
    """
    draft = _draft(file_bytes(path, max_bytes), path.name, seconds)
    # A file name need not be Unicode, and an id is made from Unicode text.
    return draft.article(path=os.fsencode(path.resolve()).decode(errors="backslashreplace"))


def read_bytes(data: bytes, *, name: str, max_bytes: int, seconds: float = SECONDS) -> Article:
    """The article in an uploaded file. Its name tells the kind and is kept as metadata ``file_name``.

    The name is not a place: two uploads called ``index.html`` are two articles, unless their content is the same.

    Raises:
        SourceTooLarge, UnknownKind, MalformedSource, TookTooLong, InvalidInput: as :func:`read_file` does.
    """
    reject_too_large(name, len(data), max_bytes)
    draft = _draft(data, name, seconds)
    return replace(draft, metadata={**draft.metadata, "file_name": name}).article()


def read_text(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
) -> Article:
    """An article from plain text, kept as it is but for line ends. A short first line stays where it is.

    Raises:
        InvalidInput: no visible text, a lone surrogate, or a URL that is not an absolute http or https one.
    """
    return ParsedArticle(text).article(url=url, title=title, source=source, published=published)


def read_markdown(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
    seconds: float = SECONDS,
) -> Article:
    """An article from Markdown; what is given goes before what its front matter says.

    Raises:
        MalformedSource, TookTooLong: as :func:`read_file` does.
        InvalidInput: as :func:`read_text` does.
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
    """An article from the main text of a page; what is given goes before what the page says. Nothing is fetched or run.

    Raises:
        MalformedSource: the page has no main text.
        TookTooLong: as :func:`read_file` does.
        InvalidInput: as :func:`read_text` does.
    """
    return parse("html", text, seconds).article(url=url, title=title, source=source, published=published)


def _draft(data: bytes, name: str, seconds: float) -> ParsedArticle:
    decoded = decode(data, name)
    draft = parse(kind_of(decoded.text, name), decoded.text, seconds)
    return replace(draft, metadata={**draft.metadata, **decoded.metadata})
