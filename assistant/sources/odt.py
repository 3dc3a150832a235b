"""OpenDocument texts (.odt), as LibreOffice writes them."""

from lxml.etree import _Element

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import parse_date
from assistant.sources.metadata_fields import described, kept_fields
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.zip_archive import custom_properties, opened, properties, read_xml

_SKIPPED = {"annotation", "tracked-changes", "table-of-content", "note-citation", "sequence-decls", "frame"}


def parse(data: bytes) -> ParsedArticle:
    """Convert a document to plain text: headings, paragraphs, list items and rows of tables are blocks.

    Title, author and date are the document's properties. Comments, deleted text and tables of contents are left out.

    Raises:
        MalformedSource: the document is damaged, locked or too large.
    """
    with opened(data) as archive:
        known, custom = properties(archive, "meta.xml"), custom_properties(archive, "meta.xml")
        root = read_xml(archive, "content.xml")
    blocks = Blocks()
    for body in root.iter("{*}text"):
        _add(body, blocks)
        break
    return ParsedArticle(
        blocks.text,
        title=known.get("title", [None])[0],
        authors=split_authors(*(known.get("initial-creator") or known.get("creator") or ())),
        published=parse_date(known.get("creation-date", [""])[0]),
        language=known.get("language", [""])[0].partition("-")[0].lower() or None,
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        metadata={**described([("keywords", known.get("keyword", [])), *known.items()]), **kept_fields(custom.items())},
    )


def _add(node: _Element, blocks: Blocks, of_list: _Element | None = None) -> None:
    """Add the blocks inside a node. Documents nest a few levels; a deeper one is refused by Python's own limit."""
    for child in node:
        match _name(child):
            case "p" | "h" as name:
                blocks.add(_text(child), heading=name == "h", of_list=of_list)
            case "table-row":
                cells = (" ".join(_text(part) for part in cell.iter("{*}p", "{*}h")) for cell in child)
                blocks.add(" | ".join(cell for cell in cells if cell.strip()))
            case "list" if of_list is None:
                _add(child, blocks, child)
            case name if name not in _SKIPPED:
                _add(child, blocks, of_list)


def _text(node: _Element) -> str:
    """The text of a paragraph, in which white space is an element."""
    pieces = [node.text or ""]
    for child in node:
        match _name(child):
            case "s":
                pieces.append(" ")
            case "tab":
                pieces.append(" ")
            case "line-break":
                pieces.append("\n")
            case name if name not in _SKIPPED and name != "note":
                pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _name(node: _Element) -> str:
    return str(node.tag).rpartition("}")[2]
