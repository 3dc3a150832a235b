"""Documents that are zip archives: their kind, and their parts within limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Literal
from zipfile import BadZipFile, ZipFile

from lxml.etree import XMLParser, XMLSyntaxError, _Element, fromstring

from assistant.errors import MalformedSource

ZipKind = Literal["docx", "epub", "odt", "pptx"]

_MAX_UNPACKED = 500_000_000  # bytes of all parts together
_MEDIA_TYPES: dict[bytes, ZipKind] = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_PARTS: dict[str, ZipKind] = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx"}


def zip_kind(data: bytes) -> ZipKind | None:
    """Return the kind of document that a zip archive is, or None if it is none that is read."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if found := next((kind for part, kind in _PARTS.items() if part in names), None):
                return found
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return _MEDIA_TYPES.get(archive.read("mimetype").strip())
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        pass
    return None


@contextmanager
def opened(data: bytes) -> Iterator[ZipFile]:
    """Open an archive whose parts are not too large together.

    Raises:
        MalformedSource: it is damaged or locked, one of the parts that are read is missing, or it is too large.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _MAX_UNPACKED:
                raise _refused("is too large", f"at most {_MAX_UNPACKED:,} bytes when it is unpacked", f"{size:,}")
            yield archive
    except (BadZipFile, NotImplementedError, RuntimeError, XMLSyntaxError, KeyError, EOFError) as error:
        got = f"{type(error).__name__}: {error}"[:200]
        raise _refused("is damaged or needs a password", "one that its own program opens", got) from error


def read_xml(archive: ZipFile, name: str) -> _Element:
    """Return the root of a part. Entities are not expanded and nothing is fetched."""
    parser = XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    return fromstring(archive.read(name), parser)


def properties(archive: ZipFile, name: str) -> dict[str, list[str]]:
    """Return the properties of a document by name: ``title``, ``creator``, ``date``, ``created``, ``language``."""
    if name not in archive.namelist():
        return {}
    found: dict[str, list[str]] = {}
    for node in read_xml(archive, name).iter("{*}*"):
        text = " ".join("".join(node.itertext()).split()) if len(node) == 0 else ""
        if text:
            found.setdefault(node.tag.rpartition("}")[2].lower(), []).append(text)
    return found


def custom_properties(archive: ZipFile, name: str) -> dict[str, str]:
    """Return the properties of a document that its author named."""
    if name not in archive.namelist():
        return {}
    nodes = read_xml(archive, name).iter("{*}property", "{*}user-defined")
    return {node.xpath("string(@*[local-name()='name'])"): "".join(node.itertext()).strip() for node in nodes}


def _refused(what: str, expected: str, got: str) -> MalformedSource:
    return MalformedSource(
        f"The document {what}.", expected=expected, got=got, hint="Open it in its program and save it again."
    )
