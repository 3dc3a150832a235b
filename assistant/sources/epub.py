"""Electronic books (.epub): their chapters in the order in which they are read."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipFile

from lxml.etree import _Element

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.encoding import decode
from assistant.sources.front_matter import parse_date
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.metadata_fields import described
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.zip_archive import opened, properties, read_xml


def parse(data: bytes) -> ParsedArticle:
    """Read the chapters of a book as one text, in which headings start sections; tables of contents are left out.

    Title, authors, publisher, date and language are those of the book's package.

    Raises:
        MalformedSource: the book is damaged, locked or too large.
    """
    blocks = Blocks()
    with opened(data) as archive:
        package = read_xml(archive, "META-INF/container.xml").xpath("string(//*[local-name()='rootfile']/@full-path)")
        known = properties(archive, package)
        for name in _chapters(read_xml(archive, package), posixpath.dirname(package)):
            if name in archive.namelist():
                read_tree(_chapter(archive, name), blocks)
    return ParsedArticle(
        blocks.text,
        title=known.get("title", [None])[0],
        source=known.get("publisher", [None])[0],
        authors=split_authors(*known.get("creator", ())),
        published=parse_date(known.get("date", [""])[0]),
        language=known.get("language", [""])[0].partition("-")[0].lower() or None,
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        code=tuple(blocks.code),
        metadata=described(known.items()),
    )


def _chapters(package: _Element, folder: str) -> Iterator[str]:
    """Yield the names of the parts in reading order, without the table of contents."""
    parts = {
        item.get("id"): item.get("href", "")
        for item in package.iter("{*}item")
        if "html" in item.get("media-type", "") and "nav" not in item.get("properties", "").split()
    }
    for reference in package.iter("{*}itemref"):
        if href := parts.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapter(archive: ZipFile, name: str) -> _Element:
    root = parse_tree(decode(archive.read(name), name).text)
    for title in root.xpath("//head"):
        title.getparent().remove(title)
    return root
