"""Reading articles: bytes or text of any known kind become one :class:`~embeddings.article.Article`.

bytes → encoding.decode → kind.kind_of → seed | text | markdown | html → Draft → Article
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.sources import html, markdown, seed
from assistant.sources.draft import Draft
from assistant.sources.encoding import decode
from assistant.sources.files import file_bytes, find_files, reject_too_large
from assistant.sources.kind import Kind, kind_of
from embeddings.article import Article

__all__ = ["find_files", "read_bytes", "read_file", "read_html", "read_markdown", "read_text"]

_PARSERS: dict[Kind, Callable[[str], Draft]] = {
    "seed": seed.parse,
    "text": Draft,
    "markdown": markdown.parse,
    "html": html.parse,
}


def read_file(path: Path, *, max_bytes: int) -> Article:
    """The article in a file, whose kind is told by its content first and then by its suffix.

    Raises:
        SourceMissing: there is nothing at the path.
        SourceTooLarge: the file is over ``max_bytes``; it was not read whole.
        UnknownKind: a folder, a device, a binary file, or a suffix that says nothing.
        MalformedSource: its bytes are in no known encoding, or the page has no main text.
        SourceError: the system does not let it be read.
        InvalidInput: there is no text in it.
    """
    draft = _draft(file_bytes(path, max_bytes), path.name)
    # A file name need not be Unicode, and an id is made from Unicode text.
    return draft.article(path=os.fsencode(path.resolve()).decode(errors="backslashreplace"))


def read_bytes(data: bytes, *, name: str, max_bytes: int) -> Article:
    """The article in an uploaded file. Its name tells the kind and is kept as metadata ``file_name``.

    The name is not a place: two uploads called ``index.html`` are two articles, unless their content is the same.

    Raises:
        SourceTooLarge, UnknownKind, MalformedSource, InvalidInput: as :func:`read_file` does.
    """
    reject_too_large(name, len(data), max_bytes)
    draft = _draft(data, name)
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
    return Draft(text).article(url=url, title=title, source=source, published=published)


def read_markdown(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
) -> Article:
    """An article from Markdown; what is given goes before what its front matter says.

    Raises:
        InvalidInput: as :func:`read_text` does.
    """
    return markdown.parse(text).article(url=url, title=title, source=source, published=published)


def read_html(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
) -> Article:
    """An article from the main text of a page; what is given goes before what the page says. Nothing is fetched or run.

    Raises:
        MalformedSource: the page has no main text.
        InvalidInput: as :func:`read_text` does.
    """
    return html.parse(text).article(url=url, title=title, source=source, published=published)


def _draft(data: bytes, name: str) -> Draft:
    decoded = decode(data, name)
    draft = _PARSERS[kind_of(decoded.text, name)](decoded.text)
    return replace(draft, metadata={**draft.metadata, **decoded.metadata})
