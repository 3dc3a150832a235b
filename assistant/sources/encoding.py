"""Bytes to text, and which encoding that took."""

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from pydantic import JsonValue

from assistant.errors import MalformedSource, UnknownKind

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the start of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive, such as a Word or EPUB file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "a rich-text document"),
)
_META_CHARSET = re.compile(rb"<meta[^<>]+charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
# Browsers read a page that says Latin-1 or ASCII as Windows-1252 (WHATWG Encoding Standard), and pages rely on it.
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "shift_jis": "cp932"}
_READ_AS |= {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_LEGACY = re.compile(r"(cp|iso8859|iso2022|koi8|euc|gb|big5|mac|tis)")  # Python knows others that no page may ask for
# What articles were written in before UTF-8. Without a list, one sentence is soon taken for Macintosh or DOS text.
_WESTERN = "cp1252"
_CANDIDATES = [_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"]
_CANDIDATES += ["cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949"]
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))


class Decoded(NamedTuple):
    """A text, the encoding that it was in, and whether that was guessed from the bytes."""

    text: str
    encoding: str
    guessed: bool = False

    @property
    def metadata(self) -> dict[str, JsonValue]:
        """What an article's metadata says about its encoding."""
        return {"encoding": self.encoding} | ({"encoding_guessed": True} if self.guessed else {})


def decode(data: bytes, name: str) -> Decoded:
    """The text of a file: by its byte order mark (left out), as UTF-8, as its HTML says, or as the bytes look.

    A NUL that strayed into a text is left out, as browsers do.

    Raises:
        UnknownKind: the bytes are no text; the error says what they look like.
        MalformedSource: they are in no encoding that is known here, or not in the one of their mark.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is None:
                raise _undecodable(name, f"a byte order mark of {encoding} before bytes that are not in it")
            return Decoded(text, encoding)
    _reject_binary(data, name)
    for said in ("utf-8", _said(data)):
        if said and (text := _strict(data, said)) is not None:
            return Decoded(text, said)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if 0 in data or controls > len(data) / 100:  # they are a tenth of random bytes
        raise _binary(name, "bytes that are no text")
    if (guess := _guess(data)) and (text := _strict(data, guess)) is not None:
        return Decoded(text, guess, guessed=True)
    raise _undecodable(name, "bytes that are in none of the encodings known here")


def _said(data: bytes) -> str | None:
    match = _META_CHARSET.search(data[:4096])
    try:
        said = codecs.lookup(match[1].decode("ascii")).name if match else ""
    except (LookupError, UnicodeDecodeError):
        return None
    said = _READ_AS.get(said, said)
    return said if _LEGACY.match(said) else None


def _guess(data: bytes) -> str | None:
    matches = from_bytes(data, cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        return None
    # Several code pages often fit equally well, or even give the same text; then the Western one is the likely one.
    western = any(
        _WESTERN in match.could_be_from_charset and match.chaos <= best.chaos and match.coherence >= best.coherence
        for match in matches
    )
    return _WESTERN if western else codecs.lookup(best.encoding).name


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).replace("\x00", "")
    except (UnicodeError, LookupError):
        return None


def _reject_binary(data: bytes, name: str) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise _binary(name, kind)
    if data.count(0) > len(data) / 20:  # of UTF-16 without a mark they are half
        raise _binary(name, "bytes with NULs among them, as binary files have")


def _binary(name: str, got: str) -> UnknownKind:
    return UnknownKind(
        f"{name!r} is not text.",
        expected="plain text, Markdown or HTML",
        got=got,
        hint="Export the article as text or HTML. If this is UTF-16 without a byte order mark, save it as UTF-8.",
    )


def _undecodable(name: str, got: str) -> MalformedSource:
    return MalformedSource(
        f"{name!r} cannot be decoded.", expected="text in UTF-8 or a common encoding", got=got, hint="Save it as UTF-8."
    )
