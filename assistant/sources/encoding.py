"""Decoding of bytes, with detection of their encoding."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes
from pydantic import JsonValue

from assistant.errors import MalformedSource, UnknownKind

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive that is no document of these kinds, or a damaged one"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "a rich-text document"),
)
_META_CHARSET = re.compile(rb"<meta[^<>]+charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
# Browsers decode Latin-1 and ASCII as Windows-1252 (WHATWG Encoding Standard), and pages rely on it.
_DECODE_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "shift_jis": "cp932"}
_DECODE_AS |= {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_ALLOWED_ENCODING = re.compile(r"(cp|iso8859|iso2022|koi8|euc|gb|big5|mac|tis)")  # not rot13 and the like
# Common encodings before UTF-8. Without this list, a short text is often detected as a Macintosh or DOS encoding.
_WESTERN = "cp1252"
_CANDIDATES = [_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"]
_CANDIDATES += ["cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949"]
_MAX_WRONG = 0.1  # of the characters beyond ASCII of a text that is UTF-8 but for stray bytes
_BLOCK = 65_536  # bytes
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))


class Decoded(NamedTuple):
    """A decoded text, its encoding, and whether the encoding was guessed from the bytes."""

    text: str
    encoding: str
    guessed: bool = False

    @property
    def metadata(self) -> dict[str, JsonValue]:
        """Return the encoding as metadata of an article."""
        return {"encoding": self.encoding} | ({"encoding_guessed": True} if self.guessed else {})


def decode(data: bytes, name: str) -> Decoded:
    """Decode a file by its byte order mark, as UTF-8, by its HTML ``meta`` charset, or else in the likeliest encoding.

    The byte order mark is removed, and so are stray NULs, as in browsers; a few bytes that are not UTF-8 are replaced.

    Raises:
        UnknownKind: the bytes are not text; the error says what they look like.
        MalformedSource: no known encoding fits, or the bytes contradict their byte order mark.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _decode_strict(data[len(mark) :], encoding)
            if text is None:
                raise _undecodable(name, f"a byte order mark of {encoding} before bytes that are not in it")
            return Decoded(text, encoding)
    _reject_binary(data, name)
    for declared in ("utf-8", _declared_encoding(data)):
        if declared and (text := _decode_strict(data, declared)) is not None:
            return Decoded(text, declared)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if 0 in data or controls > len(data) / 100:  # in random bytes a tenth are control characters
        raise _binary(name, "bytes that are no text")
    if (text := _nearly_utf8(data)) is not None:
        return Decoded(text, "utf-8")
    if (guess := _guess_encoding(data)) and (text := _decode_strict(data, guess)) is not None:
        return Decoded(text, guess, guessed=True)
    raise _undecodable(name, "bytes that are in none of the encodings known here")


def file_encoding(path: Path) -> tuple[str, str]:
    """Return the encoding of a file that is too long to decode at once, and how to treat bytes that are not in it.

    It is found as :func:`decode` finds it, but guessed by the first lines that are not UTF-8.

    Raises:
        UnknownKind, MalformedSource: as in :func:`decode`.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    sample, wrong, beyond_ascii = b"", 0, 0
    with path.open("rb") as file:
        before = file.read(_BLOCK)
        for mark, encoding in _BYTE_ORDER_MARKS[1:]:
            if before.startswith(mark):
                return encoding.rpartition("-")[0], "strict"  # as both byte orders are called, which skips the mark
        _reject_binary(before, path.name)
        file.seek(0)
        while before:
            lines = file.read(_BLOCK) + file.readline(_BLOCK)
            text = decoder.decode(lines, final=not lines)
            if (found := text.count("\N{REPLACEMENT CHARACTER}")) and not sample:
                sample = lines or before
            wrong += found
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
            before = lines
    if wrong and wrong >= _MAX_WRONG * beyond_ascii:
        return decode(sample, path.name).encoding, "strict"
    return "utf-8-sig", "replace"


def known_encoding(name: str) -> str | None:
    """Return the encoding that a page means by a charset's name; None for what is none, or takes too long to decode."""
    try:
        declared = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    encoding = _DECODE_AS.get(declared, declared)
    return encoding if _ALLOWED_ENCODING.match(encoding) else None


def _declared_encoding(data: bytes) -> str | None:
    match = _META_CHARSET.search(data[:4096])
    return known_encoding(match[1].decode("ascii", "replace")) if match else None


def _guess_encoding(data: bytes) -> str | None:
    matches = from_bytes(data, cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        return None
    # Often several code pages fit equally well or give the same text; then the Western one is the likeliest.
    western = any(
        _WESTERN in match.could_be_from_charset and match.chaos <= best.chaos and match.coherence >= best.coherence
        for match in matches
    )
    return _WESTERN if western else codecs.lookup(best.encoding).name


def _decode_strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).replace("\x00", "")
    except (UnicodeError, LookupError):
        return None


def _nearly_utf8(data: bytes) -> str | None:
    """Return a text that is UTF-8 but for a few bytes, with a replacement character for each; None if it is not."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    return text if wrong < _MAX_WRONG * sum(character > "\x7f" for character in text) else None


def _reject_binary(data: bytes, name: str) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise _binary(name, kind)
    if data.count(0) > len(data) / 20:  # in UTF-16 without a byte order mark, about half the bytes are NUL
        raise _binary(name, "bytes with NULs among them, as binary files have")


def _binary(name: str, got: str) -> UnknownKind:
    return UnknownKind(
        f"{name!r} is not text.",
        expected="text, Markdown, HTML, PDF, Word (.docx), OpenDocument (.odt), PowerPoint (.pptx), EPUB or a mail",
        got=got,
        hint="Save or export it as one of these. If this is UTF-16 without a byte order mark, save it as UTF-8.",
    )


def _undecodable(name: str, got: str) -> MalformedSource:
    return MalformedSource(
        f"{name!r} cannot be decoded.", expected="text in UTF-8 or a common encoding", got=got, hint="Save it as UTF-8."
    )
