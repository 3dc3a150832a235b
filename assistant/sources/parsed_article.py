"""The result of parsing a source, before it becomes an article."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from pydantic import JsonValue

from assistant.sources.language_detection import detect_language
from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span, normalise_line_ends
from embeddings.text.headline import find_headline, moved, without
from embeddings.text.page_map import PageMap

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class ParsedArticle:
    """An article's text and metadata.

    ``sections`` are offsets into ``text`` at which headings begin, ``lists`` and ``code`` the spans of its lists and
    of its blocks of code. In a plain text none of them are marked.
    ``pages`` is where the words of ``text`` stand, if it was read from pages; then its lines end with line feeds.
    """

    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: date | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    sections: tuple[int, ...] = ()
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    is_plain: bool = False
    lists: tuple[Span, ...] = ()
    code: tuple[Span, ...] = ()
    pages: PageMap = PageMap()  # noqa: RUF009  it is frozen

    def article(
        self,
        *,
        path: str | None = None,
        url: str | None = None,
        title: str | None = None,
        source: str | None = None,
        published: date | None = None,
        original: bytes | None = None,
    ) -> Article:
        """Make the article, without the headline in its text. Arguments take precedence over what was parsed.

        A parsed URL that is not a web address is left out and kept as metadata ``url_ignored``. The language of a text
        that does not name one is detected.

        Raises:
            InvalidInput: the argument ``url`` is not an absolute http or https URL; else as in ``Article.create``.
        """
        metadata = dict(self.metadata)
        if url is not None and not is_web_address(url):
            raise InvalidInput(
                "The URL is not the address of an article.",
                expected="an absolute URL that starts with http:// or https://",
                got=repr(url[:200]),
                hint="Give the full address as a browser shows it, or leave the URL out.",
            )
        if url is None and self.url:
            if is_web_address(self.url):
                url = self.url
            else:
                metadata["url_ignored"] = one_line(self.url)
        text, sections, pages = normalise_line_ends(self.text), self.sections, self.pages
        lists, code = self.lists, self.code
        known = one_line(title) or one_line(self.title)
        headline = find_headline(text, known, sections, is_plain=self.is_plain)
        if headline:
            text, sections = without(headline.cut, text, sections)
            lists, code = (
                tuple(Span(start=moved(one.start, headline.cut), end=moved(one.end, headline.cut)) for one in spans)
                for spans in (lists, code)
            )
            pages = pages.without(headline.cut.start, headline.cut.end)
        if headline and not known:
            metadata["title_derived_from"] = "first line"
        return Article.create(
            text,
            title=headline.title if headline else known,
            url=url,
            path=path,
            source=one_line(source) or one_line(self.source),
            published=published or self.published,
            authors=[name for author in self.authors if (name := one_line(author))],
            language=self.language or detect_language(text),
            sections=sections,
            lists=lists,
            code=code,
            metadata=metadata,
            pages=pages,
            original=original,
        )


def is_web_address(url: str) -> bool:
    """True if the string is an absolute http or https URL without white space or control characters."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading the port validates it)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", _CONTROL.sub(" ", url))


def one_line(value: str | None) -> str | None:
    """Replace line ends, control characters and runs of white space by one space; None if nothing is left."""
    return " ".join(_CONTROL.sub(" ", value).split()) or None if value else None
