"""HTML: the main text of a page as blocks, and what its head says about it. Nothing is fetched or run."""

import logging
import re
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from lxml.etree import SubElement, _Element, iterwalk
from lxml.html import Element

from assistant.errors import MalformedSource
from assistant.sources.blocks import Blocks
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.parsed_article import ParsedArticle
from embeddings.text.article import reject_lone_surrogates

if TYPE_CHECKING:
    from trafilatura.settings import Document

# Elements, each as often as it stands in another, and ten times more: what a long page of an encyclopedia has.
_HEAVY = 500_000

# Its verdicts reach people as errors; without a handler, its log of them would go to the terminal as well.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def parse(text: str) -> ParsedArticle:
    """The main text of a page; headings start sections, and paragraphs, list items and table rows are blocks.

    Title, date, source and canonical URL are what the page says of itself; a date in running text is not taken for
    its own. The language is that of ``<html lang>``, without the region.

    Raises:
        MalformedSource: there is no main text.
        InvalidInput: a lone surrogate.
    """
    reject_lone_surrogates("page", text)
    root = parse_tree(text)
    page = _page(root)
    if not page.text:
        raise MalformedSource(
            "The page has no main text.",
            expected="an HTML page with an article in it",
            got="a page with nothing but navigation, links or scripts",
            hint="Save the page after it has loaded in a browser, or give the article as text.",
        )
    about, main = _extracted(root)
    # Of a page with less, trafilatura gives everything as one run of text, menus included.
    blocks = main if len(main.text) >= 250 else page
    return ParsedArticle(
        blocks.text,
        title=about.title,
        url=about.url,
        source=about.sitename,
        published=date.fromisoformat(about.date) if about.date else None,
        language=_language(root),
        sections=tuple(blocks.sections),
    )


def _extracted(root: _Element) -> "tuple[Document, Blocks]":
    """What trafilatura finds: what the page says of itself, and its main text.

    Of a page with more in it than it can go through in seconds, only the head is shown to it.
    """
    from trafilatura import bare_extraction  # here: it takes long to load, and only pages need it
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import Document

    main = Blocks()
    dates = {"extensive_search": False, "original_date": True}
    if _is_heavy(root):
        return extract_metadata(_head(root), date_config=dates), main
    try:
        found = bare_extraction(root, include_comments=False, with_metadata=True, date_extraction_params=dates)
    except RecursionError:  # lists in lists
        found = None
    if not isinstance(found, Document):
        return Document(), main
    if found.body is not None:
        read_tree(found.body, main)
    return found, main


def _is_heavy(root: _Element) -> bool:
    """Whether there is too much for trafilatura, which goes through all that is in an element for every element."""
    depth = weight = 0
    for event, node in iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        weight += (10 + depth) * (1 + (len(node.text or "") + len(node.tail or "")) // 1000)
        if weight > _HEAVY:
            return True
    return False


def _head(root: _Element) -> _Element:
    """A page with the beginning of this one's head, and nothing else."""
    page = Element("html")
    head = SubElement(page, "head")
    for node in root.xpath("head[1]/*[position() <= 200]"):
        if len(node.text or "") < 20_000:
            head.append(deepcopy(node))
    return page


def _page(root: _Element) -> Blocks:
    """All text of a page that is no navigation, from its one article or main element where it has one."""
    blocks = Blocks()
    for tag in ("article", "main", "body"):
        found = list(root.iter(tag))
        if len(found) == 1 and not blocks.text:
            read_tree(found[0], blocks, menus=False)
    return blocks


def _language(root: _Element) -> str | None:
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", root.get("lang") or root.get("xml:lang") or "")
    return match[0].lower() if match else None
