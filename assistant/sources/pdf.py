"""PDF documents: the text layer as reading text, and where each of its words stands on the pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from assistant.errors import MalformedSource
from assistant.sources.authors import split_authors
from assistant.sources.metadata_fields import described
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.pdf_paragraphs import TextBlock, paragraphs
from assistant.sources.pdf_words import Line, Word, read_page
from embeddings.text.page_map import Box, PageMap, PlacedWord

MAX_PAGES = 5_000

_LEAST_LETTERS = 20  # on a page; one with fewer and with a picture is a scan
_SCANNED = 0.9  # of the pages, from which on the document is a scan
_UNEXPLAINED = 0.3  # of the characters, from which on the text is garbled
_FILE_NAME = re.compile(
    r"\A(?:microsoft |untitled|\S+\.\w{2,5}\Z|.*\.(?:docx?|indd|tex|dvi|pdf|qxp|rtf)\Z|[\d\W_]*\Z)", re.IGNORECASE
)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_HYPHENS = ("-", "\u00ad", "\u2010")


def parse(data: bytes) -> ParsedArticle:
    """Read the text layer: paragraphs, headings, list items and rows of tables are blocks.

    Line ends and the hyphens at them are undone; running heads, feet and page numbers are left out. Title, author and
    date come from the document's properties, and without a title there from the largest text of the first page.
    Metadata ``page_count`` is the number of pages, ``pages_without_text`` those that are only a picture.

    Raises:
        MalformedSource: the document needs a password, is damaged, too long, a scan, or has no readable text.
    """
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        raise _unreadable(error) from None
    with document:
        if not 0 < len(document) <= MAX_PAGES:
            raise MalformedSource(
                "The PDF document has too many pages." if len(document) else "The PDF document has no pages.",
                expected=f"1 to {MAX_PAGES:,} pages",
                got=f"{len(document):,}",
                hint="Split it into its parts.",
            )
        pages, pictures = _read_pages(document)
        found = paragraphs(pages)
        text, sections, places = _joined(found)
        properties = document.get_metadata_dict()
        title = " ".join(properties.get("Title", "").split())
        published = _day(properties.get("CreationDate", ""))
        metadata = described((name, [properties.get(name, "")]) for name in ("Subject", "Keywords"))
        metadata["page_count"] = len(document)
        if pictures:
            metadata["pages_without_text"] = [*pictures]
        if published:
            metadata["published_derived_from"] = "the file's creation date"
        return ParsedArticle(
            text,
            title=title if title and not _FILE_NAME.match(title) else _largest(found),
            authors=split_authors(properties.get("Author", "")),
            published=published,
            language=_language(document),
            sections=sections,
            metadata=metadata,
            pages=places,
        )


def _read_pages(document: PdfDocument) -> tuple[list[tuple[float, list[Line]]], list[int]]:
    """Return the height and the lines of each page, and the numbers of those that are only a picture."""
    pages: list[tuple[float, list[Line]]] = []
    pictures: list[int] = []
    characters = unexplained = 0
    for index in range(len(document)):
        try:
            page = document[index]
        except PdfiumError:
            pages.append((1, []))  # one damaged page of many
            continue
        words = read_page(page, index + 1)
        characters, unexplained = characters + words.characters, unexplained + words.unexplained
        letters = sum(map(str.isalpha, "".join(line.text for line in words.lines)))
        if letters < _LEAST_LETTERS and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])):
            pictures.append(index + 1)
        pages.append((page.get_height(), words.lines))
        page.close()
    if len(pictures) >= _SCANNED * len(document) or not any(lines for _, lines in pages):
        raise MalformedSource(
            "The PDF document is a scan without a text layer." if pictures else "The PDF document has no text.",
            expected="pages whose text can be selected and copied",
            got=f"{len(pictures)} of {len(document)} pages that are only a picture" if pictures else "pages without it",
            hint="Run text recognition on it first (for example `ocrmypdf in.pdf out.pdf`), and add what that writes.",
        )
    if unexplained > _UNEXPLAINED * characters:
        raise MalformedSource(
            "The text of the PDF document cannot be read.",
            expected="fonts that say which letters their shapes are",
            got=f"{unexplained:,} of {characters:,} characters without that",
            hint="Export the document again, or run text recognition on it.",
        )
    return pages, pictures


def _joined(found: Sequence[TextBlock]) -> tuple[str, tuple[int, ...], PageMap]:
    """Return the text of paragraphs, the offsets of its headings, and the places of its words."""
    known = Counter(word.text.casefold().strip(".,;:()") for one in found for line in one.lines for word in line.words)
    pieces: list[str] = []
    sections: list[int] = []
    places: list[PlacedWord] = []
    at = 0
    for number, paragraph in enumerate(found):
        if number:
            pieces.append("\n\n")
            at += 2
        if paragraph.heading:
            sections.append(at)
        for separator, page, word in _separated(paragraph, known):
            start = at + len(separator)
            at = start + len(word.text)
            pieces += separator, word.text
            places.append(PlacedWord(start, at, Box(page, *word[1:])))
    return "".join(pieces), tuple(sections), PageMap.of(places)


def _separated(paragraph: TextBlock, known: Counter[str]) -> Iterator[tuple[str, int, Word]]:
    """Yield the words of a paragraph, with what stands before each and the page that it is on."""
    held: tuple[str, int, Word] | None = None
    for row in paragraph.rows:
        for column, line in enumerate(row.lines):
            for index, word in enumerate(line.words):
                separator = " | " if index == 0 and column and paragraph.table else " "
                is_line_start = index == 0 and column == 0
                if held and is_line_start and (joined := _unhyphenated(held[2].text, word.text, known)) is not None:
                    held = (held[0], held[1], held[2]._replace(text=joined))
                    separator = ""
                if held:
                    yield held
                held = (separator if held else "", line.page, word)
    if held:
        yield held


def _unhyphenated(word: str, following: str, known: Counter[str]) -> str | None:
    """Return a word at the end of a line without its hyphen, with it if it belongs there, None if there is none.

    The hyphen of "well-" before "known" belongs there if the document has "well-known", and not "wellknown", elsewhere.
    """
    whole = word[:-1]
    if not word.endswith(_HYPHENS) or not whole[-1:].isalnum() or not following[0].isalpha():
        return None
    rest = following.casefold().strip(".,;:()")
    start = whole.casefold().strip(".,;:()")
    if word[-1] == "\u00ad" or known[start + rest]:
        return whole
    is_word = whole[-1].isalpha() and "-" not in whole and following[0].islower()
    is_compound = known[f"{start}-{rest}"] or not is_word
    return word if is_compound else whole


def _largest(found: Iterable[TextBlock]) -> str | None:
    """Return the heading with the largest letters on the first page."""
    headings = [one for one in found if one.heading and one.lines[0].page == 1]
    return max(headings, key=lambda one: one.lines[0].size).text if headings else None


def _day(value: str) -> date | None:
    try:
        return date(*map(int, match.groups())) if (match := _DATE.match(value)) else None
    except ValueError:
        return None


def _language(document: PdfDocument) -> str | None:
    length = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (length // 2 + 1))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", "".join(chr(unit) for unit in buffer if unit))
    return match[0].lower() if match else None


def _unreadable(error: PdfiumError) -> MalformedSource:
    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        return MalformedSource(
            "The PDF document needs a password.",
            expected="a document that opens without one",
            got="an encrypted document",
            hint="Save a copy without a password, and add that.",
        )
    return MalformedSource(
        "The PDF document is damaged.",
        expected="a document that a PDF viewer can open",
        got=str(error)[:200],
        hint="Open it in a viewer and save or print it as PDF again.",
    )
