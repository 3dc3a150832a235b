"""Detection of an article's kind from a file's first bytes, its text, or else the suffix of its name."""

import re
from pathlib import PurePath
from typing import Literal

from assistant.errors import UnknownKind
from assistant.sources import seed
from assistant.sources.zip_archive import ZipKind, zip_kind

FileKind = Literal["pdf", "mail", "saved page"] | ZipKind  # is parsed from bytes
TextKind = Literal["seed", "text", "markdown", "html", "rst"]  # is parsed from decoded text
Kind = FileKind | TextKind

_TEXT_SUFFIXES: dict[str, TextKind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rst": "rst",
}
FEED_SUFFIXES = (".rss", ".atom", ".xml", ".json")
RECORD_SUFFIXES = (".jsonl", ".ndjson", ".csv", ".tsv", *FEED_SUFFIXES)  # of files of many articles
_MAIL_SUFFIXES: dict[str, FileKind] = {".eml": "mail", ".mhtml": "saved page", ".mht": "saved page"}
_OF_ANYTHING = ".json"  # of a feed only if the file is named itself; in a folder it may be anything
_FILE_SUFFIXES = (".pdf", ".docx", ".epub", ".odt", ".pptx")
SUFFIXES = tuple(
    suffix for suffix in (*_TEXT_SUFFIXES, *_MAIL_SUFFIXES, *_FILE_SUFFIXES, *RECORD_SUFFIXES) if suffix != _OF_ANYTHING
)

_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_BEFORE_PDF = 1024  # bytes that readers allow before a PDF document
_HTML = re.compile(
    r"\A\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def detect_file_kind(data: bytes, name: str) -> FileKind | None:
    """Return the kind of a file that is not text, from its content, or of a mail from its name; else None."""
    suffix = _suffix(name)
    if data.startswith(_PDF) or (suffix == ".pdf" and _PDF in data[:_BEFORE_PDF]):
        return "pdf"
    if data.startswith(_ZIP):
        return zip_kind(data)
    return _MAIL_SUFFIXES.get(suffix)


def detect_text_kind(text: str, name: str) -> TextKind:
    """Return the kind of a decoded file, from its content or else from the suffix of its name.

    Raises:
        UnknownKind: neither tells the kind.
    """
    if seed.is_seed(text):
        return "seed"
    if _HTML.match(text[:4096]):
        return "html"
    suffix = _suffix(name)
    if suffix in RECORD_SUFFIXES:
        raise UnknownKind(
            f"{name!r} is a file of many articles.",
            expected="one article",
            got=repr(suffix),
            hint="Send its articles one by one, or add the file with `assistant add` where the library is.",
        )
    if suffix not in _TEXT_SUFFIXES:
        raise UnknownKind(
            f"{name!r} is not a known kind of article.",
            expected="one of " + ", ".join(SUFFIXES),
            got="text" if suffix in SUFFIXES else repr(suffix) if suffix else "a name without a suffix",
            hint="Rename it if it is one of these, or export it as text, HTML or PDF.",
        )
    return _TEXT_SUFFIXES[suffix]


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()
