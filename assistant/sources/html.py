"""HTML pages: extraction of the main text and the metadata. Nothing is fetched or run."""

import logging
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from lxml.etree import SubElement, _Element, iterwalk
from lxml.html import Element

from assistant.errors import MalformedSource
from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import parse_language
from assistant.sources.html_authors import bylines, page_authors
from assistant.sources.html_repairs import repair
from assistant.sources.html_title import page_title
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.metadata_fields import page_fields
from assistant.sources.parsed_article import ParsedArticle
from embeddings.text.article import reject_lone_surrogates

if TYPE_CHECKING:
    from trafilatura.settings import Document

# The sum over all elements of depth + 10, more for long texts; a long encyclopedia page stays below it.
_MAX_WEIGHT = 500_000
_MAX_LEAD_IN = 100  # characters

# Its failures become errors of this project; without a handler, its log would go to the terminal as well.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def parse(text: str) -> ParsedArticle:
    """Extract the main text of a page. Headings start sections; paragraphs, list items and table rows are blocks.

    Title, authors, date, source and canonical URL come from the page's metadata, never from a date in the text. The
    language is that of ``<html lang>``, without the region. What else the page says about itself is metadata.

    Raises:
        MalformedSource: the page has no main text.
        InvalidInput: the page has a lone surrogate.
    """
    reject_lone_surrogates("page", text)
    root = parse_tree(text)
    known, marked = page_fields(root), bylines(root)
    repair(root)
    full = _full_text(root)
    if not full.text:
        raise MalformedSource(
            "The page has no main text.",
            expected="an HTML page with an article in it",
            got="a page with nothing but navigation, links or scripts",
            hint="Save the page after it has loaded in a browser, or give the article as text.",
        )
    metadata, body = _extract(root)
    title = page_title(root, metadata.title, metadata.sitename)
    main = Blocks()
    if body is not None:
        _trim(body, title or "")
        read_tree(body, main)
    # Of a shorter main text, trafilatura returns everything in one piece, menus included.
    blocks = main if len(main.text) >= 250 else full
    return ParsedArticle(
        blocks.text,
        title=title,
        url=metadata.url,
        source=metadata.sitename,
        published=date.fromisoformat(metadata.date) if metadata.date else None,
        authors=page_authors(metadata.author or "", marked, text),
        language=parse_language(root.get("lang") or root.get("xml:lang") or ""),
        sections=tuple(blocks.sections),
        metadata=known,
    )


def _extract(root: _Element) -> "tuple[Document, _Element | None]":
    """Extract the metadata and the tree of the main text with trafilatura.

    Of a page that would take it more than seconds, it gets only the head, and there is no main text.
    """
    from trafilatura import bare_extraction  # imported late, because it loads slowly and only pages need it
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import Document

    dates = {"extensive_search": False, "original_date": True}
    if _is_heavy(root):
        return extract_metadata(_head(root), date_config=dates), None
    try:
        document = bare_extraction(root, include_comments=False, with_metadata=True, date_extraction_params=dates)
    except RecursionError:  # deeply nested lists
        document = None
    if not isinstance(document, Document):
        return Document(), None
    return document, document.body


def _trim(body: _Element, title: str) -> None:
    """Remove the headings that only repeat the title, at the beginning, and those and lead-ins that nothing follows."""
    children = list(body)
    first = next((i for i, child in enumerate(children) if child.tag != "head" or not _says(child, title)), 0)
    last = next((i for i in range(len(children), first, -1) if not _leads_on(children[i - 1])), len(children))
    for child in (*children[:first], *children[last:]):
        body.remove(child)


def _leads_on(node: _Element) -> bool:
    text = "".join(node.itertext()).strip()
    return node.tag == "head" or (node.tag == "p" and len(text) <= _MAX_LEAD_IN and text.endswith(":"))


def _says(node: _Element, title: str) -> bool:
    return "".join(node.itertext()).casefold().split() == title.casefold().split()


def _is_heavy(root: _Element) -> bool:
    """True if the page is too large for trafilatura, whose time grows with the number of elements times their depth."""
    depth = weight = 0
    for event, node in iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        weight += (10 + depth) * (1 + (len(node.text or "") + len(node.tail or "")) // 1000)
        if weight > _MAX_WEIGHT:
            return True
    return False


def _head(root: _Element) -> _Element:
    """A page with only the first 200 elements of this page's head."""
    page = Element("html")
    head = SubElement(page, "head")
    for node in root.xpath("head[1]/*[position() <= 200]"):
        if len(node.text or "") < 20_000:
            head.append(deepcopy(node))
    return page


def _full_text(root: _Element) -> Blocks:
    """All text of a page except navigation, from its only ``article`` or ``main`` element if it has one."""
    blocks = Blocks()
    for tag in ("article", "main", "body"):
        elements = list(root.iter(tag))
        if len(elements) == 1 and not blocks.text:
            read_tree(elements[0], blocks, menus=False)
    return blocks
