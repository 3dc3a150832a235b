"""Articles, and spans of their text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from embeddings.errors import InvalidInput
from embeddings.text.page_map import Box, PageMap
from embeddings.text.urls import canonical_url

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


class Span(BaseModel):
    """A range of an article's text: ``text[start:end]``, in Unicode code points, ``end`` exclusive."""

    model_config = ConfigDict(frozen=True)

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("a span ends at or after its start")
        return self

    def cut(self, text: str) -> str:
        """Return the characters of the span."""
        return text[self.start : self.end]

    def utf16(self, text: str) -> "Span":
        """Return the same span in UTF-16 code units, which browsers and JavaScript use."""
        start = utf16_length(text[: self.start])
        return Span(start=start, end=start + utf16_length(self.cut(text)))

    def contains(self, other: "Span") -> bool:
        """Return True if the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units of a text: two for a character beyond the basic plane, else one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Entry(BaseModel):
    """An article's fields without its text.

    ``id`` is derived from where the article comes from (its canonical URL, else its path, else its text), so a new
    version of the article keeps its id. ``revision`` is the SHA-256 of the text.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    revision: str
    title: str
    url: str | None = None
    source: str | None = None
    published: date | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    metadata: Mapping[str, JsonValue] = Field(default_factory=dict)


class Excerpt(NamedTuple):
    """A span of an article with its text and position.

    ``start_utf16`` is the span's start in UTF-16 code units, ``paragraph`` the number, from 1, of its first paragraph.
    ``boxes`` is where it stands on the pages of an article that was read from pages: one box a line. ``also`` are the
    ids of near-duplicates of the article, ``lists`` and ``code`` the spans of the article's lists and blocks of code
    that overlap the span.
    """

    article: Entry
    span: Span
    text: str
    start_utf16: int
    paragraph: int
    boxes: tuple[Box, ...] = ()
    also: tuple[str, ...] = ()
    lists: tuple[Span, ...] = ()
    code: tuple[Span, ...] = ()

    def cut(self, span: Span) -> str:
        """Return the characters of a span of the article that lies inside this excerpt."""
        return self.text[span.start - self.span.start : span.end - self.span.start]


class Origin(NamedTuple):
    """Where a sync found an article: the source that it synced, the place in it, and what tells if that changes."""

    source: str
    place: str
    stamp: str


class Article(Entry):
    """An article.

    ``text`` is the body alone, without the title, and its lines end with line feeds. ``sections`` are the offsets at
    which a heading, and with it a new section, begins; no passage crosses them, and no answer cites a heading.
    ``lists`` are the spans of its lists, from the first item to the end of the last, those that are inside none;
    ``code`` those of its blocks of code, in order, whose lines are sentences.
    ``pages`` is where the words stand, if the article was read from pages, and ``original`` the file whose pages these
    are, ``origin`` is where a sync found it: both are given to a library to keep, and an article that comes from a
    library is without them.
    :meth:`create` makes articles that keep these rules.
    """

    text: str
    sections: tuple[int, ...] = ()
    lists: tuple[Span, ...] = ()
    code: tuple[Span, ...] = ()
    pages: PageMap = Field(PageMap(), exclude=True)
    original: bytes | None = Field(None, exclude=True, repr=False)
    origin: Origin | None = Field(None, exclude=True, repr=False)

    def __hash__(self) -> int:
        return hash((self.id, self.revision))

    @classmethod
    def create(
        cls,
        text: str,
        *,
        title: str | None = None,
        url: str | None = None,
        path: str | Path | None = None,
        source: str | None = None,
        published: date | None = None,
        authors: Iterable[str] = (),
        language: str | None = None,
        sections: tuple[int, ...] = (),
        lists: tuple[Span, ...] = (),
        code: tuple[Span, ...] = (),
        metadata: Mapping[str, JsonValue] | None = None,
        pages: PageMap | None = None,
        original: bytes | None = None,
    ) -> Self:
        """Create an article from its body.

        Args:
            text: The body.
            title: The title; without one, the first visible line is used and ``metadata`` records that.
            url: Where the article was published. It determines the id.
            path: Where the article was read from. It determines the id of an article without a URL.
            source: Who published it.
            published: The day of publication.
            authors: Who wrote it, one name each.
            language: An ISO 639-1 code.
            sections: Offsets into ``text`` with normalised line ends at which a heading begins.
            lists: Spans of its lists.
            code: Spans of its blocks of code.
            metadata: Anything else that is known about the article.
            pages: Where the words stand, if the article was read from pages.
            original: The PDF file with these pages.

        Raises:
            InvalidInput: The text has no visible character, a value has a lone surrogate (which cannot be stored or
                sent), or the URL cannot be parsed.
        """
        text = normalise_line_ends(text)
        authors = tuple(authors)
        named = [
            ("text", text),
            ("title", title),
            ("url", url),
            ("source", source),
            *(("author", one) for one in authors),
        ]
        for name, value in named:
            reject_lone_surrogates(name, value)
        if not any(is_visible(character) for character in text):
            raise InvalidInput(
                "The article has no text.",
                expected="at least one visible character",
                got=f"{len(text)} characters, none of them visible",
                hint="Check that the file is the article itself and not an empty placeholder.",
            )
        metadata = dict(metadata or {})
        if not title:
            title, metadata["title_derived_from"] = _first_line(text), "first line"
        return cls(
            id=_id_of(text, url, path),
            revision=hashlib.sha256(text.encode()).hexdigest(),
            title=title,
            text=text,
            url=url,
            source=source,
            published=published,
            authors=authors,
            language=language,
            sections=sections,
            lists=lists,
            code=code,
            metadata=metadata,
            pages=pages or PageMap(),
            original=original,
        )

    @property
    def entry(self) -> Entry:
        """The article's fields without its text."""
        return Entry.model_construct(**{name: getattr(self, name) for name in Entry.model_fields})

    def excerpt(self, span: Span) -> Excerpt:
        """Return a span of the article with its text and position."""
        boxes = tuple(self.pages.boxes(span.start, span.end))
        start_utf16 = span.utf16(self.text).start
        return Excerpt(self.entry, span, span.cut(self.text), start_utf16, self.paragraph(span.start), boxes)

    def paragraph(self, offset: int) -> int:
        """Return the number, from 1, of the paragraph at an offset. Blank lines separate paragraphs."""
        return max(1, sum(paragraph.start <= offset for paragraph in paragraph_spans(self.text)))

    def paragraph_span(self, span: Span) -> Span:
        """Return the span of the whole paragraphs that overlap a span, or the span itself if there are none."""
        overlapping = [p for p in paragraph_spans(self.text) if p.start < span.end and span.start < p.end]
        return Span(start=overlapping[0].start, end=overlapping[-1].end) if overlapping else span


def paragraph_spans(text: str) -> Iterator[Span]:
    """Yield the paragraphs of a text in order, without surrounding white space. Blank lines separate paragraphs."""
    breaks = (match.span() for match in _PARAGRAPH_BREAK.finditer(text))
    for (_, start), (end, _) in pairwise(chain([(0, 0)], breaks, [(len(text), len(text))])):
        if span := trimmed(text, start, end):
            yield span


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span ``start:end`` without surrounding white space, or None if nothing remains."""
    piece = text[start:end]
    body = piece.strip()
    start += len(piece) - len(piece.lstrip())
    return Span(start=start, end=start + len(body)) if body else None


def normalise_line_ends(text: str) -> str:
    """Return the text with CRLF and CR line ends replaced by line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def reject_lone_surrogates(name: str, value: str | None) -> None:
    """Raise InvalidInput if the value has a lone surrogate, which UTF-8 cannot encode."""
    if value is None:
        return
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"The {name} holds half of a character.",
            expected="Unicode text",
            got=f"a lone surrogate, U+{ord(value[error.start]):04X}, at offset {error.start}",
            hint="Decode the text with the right encoding, or remove the character.",
        ) from None


def is_visible(character: str) -> bool:
    """Return True unless a character is white space, a control character or a format character."""
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"}


def _first_line(text: str) -> str:
    line = next(line.strip() for line in text.split("\n") if any(map(is_visible, line)))
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def _id_of(text: str, url: str | None, path: str | Path | None) -> str:
    if url:
        return article_id("url", _canonical_url(url))
    return article_id("text", text) if path is None else article_id("path", Path(path).as_posix())


def article_id(kind: str, place: str) -> str:
    """Return an article's id: the first 16 hexadecimal digits of a SHA-256.

    Args:
        kind: What ``place`` is: "url", "path", "text" or "page".
        place: What identifies the article.
    """
    return hashlib.sha256(f"{kind}:{place}".encode()).hexdigest()[:16]


def _canonical_url(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError as error:
        raise InvalidInput(
            "The URL is not the address of an article.",
            expected="a URL such as https://example.org/article",
            got=f"{url[:200]!r}: {error}",
            hint="Give the full address as a browser shows it, or leave the URL out.",
        ) from None
