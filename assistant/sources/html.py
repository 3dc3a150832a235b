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
from assistant.sources.html_authors import bylines, linked_authors, page_authors
from assistant.sources.html_main_text import main_blocks
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
_MIN_TEXT = 250  # characters
_DATES = {"extensive_search": False, "original_date": True}  # for trafilatura

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
    known, marked, linked = page_fields(root), bylines(root), linked_authors(root)
    repair(root)
    full = _full_text(root)
    if not full.text:
        raise MalformedSource(
            "The page has no main text.",
            expected="an HTML page with an article in it",
            got="a page with nothing but navigation, links or scripts",
            hint="Save the page after it has loaded in a browser, or give the article as text.",
        )
    is_heavy = _is_heavy(root)
    metadata, body = (_head_metadata(root), None) if is_heavy else extract(root)
    title = page_title(root, metadata.title, metadata.sitename)
    main = Blocks()
    for block in () if is_heavy else main_blocks(root, body, title or ""):
        main.add(block.text, heading=block.heading, verbatim=block.verbatim, of_list=block.outermost_list)
    # A shorter text is hardly the article.
    blocks = main if len(main.text) >= _MIN_TEXT else full
    return ParsedArticle(
        blocks.text,
        title=title,
        url=metadata.url,
        source=metadata.sitename,
        published=date.fromisoformat(metadata.date) if metadata.date else None,
        authors=page_authors(metadata.author or "", linked, marked, metadata.sitename or "", text),
        language=parse_language(root.get("lang") or root.get("xml:lang") or ""),
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        code=tuple(blocks.code),
        metadata=known,
    )


def extract(root: _Element) -> "tuple[Document, _Element | None]":
    """Extract the metadata and the tree of the main text with trafilatura."""
    from trafilatura import bare_extraction  # imported late, because it loads slowly and only pages need it
    from trafilatura.settings import Document

    try:
        document = bare_extraction(
            deepcopy(root), include_comments=False, with_metadata=True, date_extraction_params=_DATES
        )
    except RecursionError:  # deeply nested lists
        document = None
    if not isinstance(document, Document):
        return Document(), None
    return document, document.body


def _head_metadata(root: _Element) -> "Document":
    """Return the metadata in the head of a page that would take trafilatura more than seconds."""
    from trafilatura.metadata import extract_metadata

    return extract_metadata(_head(root), date_config=_DATES)


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
