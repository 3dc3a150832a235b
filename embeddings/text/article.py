"""Articles, and spans of their text. Every other value in the project is cut from these."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from embeddings.errors import InvalidInput
from embeddings.text.address import canonical

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


class Span(BaseModel):
    """A piece of an article's text: ``text[start:end]``, in Unicode code points, ``end`` exclusive."""

    model_config = ConfigDict(frozen=True)

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("a span ends at or after its start")
        return self

    def cut(self, text: str) -> str:
        """The characters of the span."""
        return text[self.start : self.end]

    def utf16(self, text: str) -> "Span":
        """The same span counted in UTF-16 code units, as browsers and JavaScript count."""
        start = utf16_length(text[: self.start])
        return Span(start=start, end=start + utf16_length(self.cut(text)))

    def contains(self, other: "Span") -> bool:
        """Whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


def utf16_length(text: str) -> int:
    """UTF-16 code units in a text: one a character, two for those beyond the basic plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Entry(BaseModel):
    """What is known about an article, without its text.

    ``id`` names the article for as long as its place is the same (canonical URL, else source path, else content);
    ``revision`` is the sha256 of the text.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    revision: str
    title: str
    url: str | None = None
    source: str | None = None
    published: date | None = None
    language: str | None = None
    metadata: Mapping[str, JsonValue] = Field(default_factory=dict)


class Excerpt(NamedTuple):
    """Characters of an article and where they stand: the UTF-16 offset of the first one, and its paragraph, from 1."""

    article: Entry
    span: Span
    text: str
    start_utf16: int
    paragraph: int

    def cut(self, span: Span) -> str:
        """The characters of a span inside this one."""
        return self.text[span.start - self.span.start : span.end - self.span.start]


class Article(Entry):
    """One article. ``text`` is the body alone, its lines ended by line feeds; offset 0 is the body's first character.

    ``sections`` are the offsets at which a new section begins: no passage crosses one. Make articles with
    :meth:`create`, which keeps these rules.
    """

    text: str
    sections: tuple[int, ...] = ()

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
        language: str | None = None,
        sections: tuple[int, ...] = (),
        metadata: Mapping[str, JsonValue] | None = None,
    ) -> Self:
        """An article from its body. ``sections`` are offsets into ``text`` after line ends were normalised.

        Without a title, the first line stands in for it and the metadata says so.

        Raises:
            InvalidInput: the text has nothing to read, or holds a lone surrogate (it cannot be stored or sent); or the
                URL is none.
        """
        text = normalise_line_ends(text)
        for name, value in (("text", text), ("title", title), ("url", url), ("source", source)):
            reject_lone_surrogates(name, value)
        if not any(_is_visible(character) for character in text):
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
            language=language,
            sections=sections,
            metadata=metadata,
        )

    @property
    def entry(self) -> Entry:
        """The article without its text."""
        return Entry.model_construct(**{name: getattr(self, name) for name in Entry.model_fields})

    def excerpt(self, span: Span) -> Excerpt:
        """The characters of a span, and where they stand."""
        return Excerpt(self.entry, span, span.cut(self.text), span.utf16(self.text).start, self.paragraph(span.start))

    def paragraph(self, offset: int) -> int:
        """The number, from 1, of the paragraph that holds the offset; blank lines part paragraphs."""
        return max(1, sum(paragraph.start <= offset for paragraph in paragraph_spans(self.text)))

    def paragraph_span(self, span: Span) -> Span:
        """The whole paragraphs that a span touches."""
        touched = [p for p in paragraph_spans(self.text) if p.start < span.end and span.start < p.end]
        return Span(start=touched[0].start, end=touched[-1].end) if touched else span


def paragraph_spans(text: str) -> Iterator[Span]:
    """The paragraphs of a text in order, trimmed of white space; blank lines part paragraphs."""
    breaks = (match.span() for match in _PARAGRAPH_BREAK.finditer(text))
    for (_, start), (end, _) in pairwise(chain([(0, 0)], breaks, [(len(text), len(text))])):
        if span := trimmed(text, start, end):
            yield span


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span ``start..end`` without the white space at its ends; None when nothing is left."""
    piece = text[start:end]
    body = piece.strip()
    start += len(piece) - len(piece.lstrip())
    return Span(start=start, end=start + len(body)) if body else None


def normalise_line_ends(text: str) -> str:
    """Windows and old Macintosh line ends as line feeds; nothing else is touched."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def reject_lone_surrogates(name: str, value: str | None) -> None:
    """Raise InvalidInput when half of a surrogate pair stands alone in the value: it has no UTF-8 form."""
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


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"}


def _first_line(text: str) -> str:
    line = next(line.strip() for line in text.split("\n") if any(map(_is_visible, line)))
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def _id_of(text: str, url: str | None, path: str | Path | None) -> str:
    if url:
        return article_id("url", _canonical(url))
    return article_id("text", text) if path is None else article_id("path", Path(path).as_posix())


def article_id(kind: str, place: str) -> str:
    """The id of an article whose place, of this kind, this is."""
    return hashlib.sha256(f"{kind}:{place}".encode()).hexdigest()[:16]


def _canonical(url: str) -> str:
    try:
        return canonical(url)
    except ValueError as error:
        raise InvalidInput(
            "The URL is not the address of an article.",
            expected="a URL such as https://example.org/article",
            got=f"{url[:200]!r}: {error}",
            hint="Give the full address as a browser shows it, or leave the URL out.",
        ) from None
