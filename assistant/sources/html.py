"""HTML: the main text of a page as blocks, and what its head says about it. Nothing is fetched or run."""

import logging
import re
from datetime import date

from lxml.etree import _Element

from assistant.errors import MalformedSource
from assistant.sources.blocks import Blocks
from assistant.sources.draft import Draft
from assistant.sources.tree import parse_tree, read_tree
from embeddings.article import reject_lone_surrogates

# Its verdicts reach people as errors; without a handler, its log of them would go to the terminal as well.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def parse(text: str) -> Draft:
    """The main text of a page; headings start sections, and paragraphs, list items and table rows are blocks.

    Title, date, source and canonical URL are what the page says of itself; a date in running text is not taken for
    its own. The language is that of ``<html lang>``, without the region.

    Raises:
        MalformedSource: there is no main text.
        InvalidInput: a lone surrogate.
    """
    from trafilatura import bare_extraction  # here: it takes long to load, and only pages need it
    from trafilatura.settings import Document

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
    document = bare_extraction(
        root,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(document, Document):
        document = Document()
    main = Blocks()
    if document.body is not None:
        read_tree(document.body, main)
    # Of a page with less, trafilatura gives everything as one run of text, menus included.
    blocks = main if len(main.text) >= 250 else page
    return Draft(
        blocks.text,
        title=document.title,
        url=document.url,
        source=document.sitename,
        published=date.fromisoformat(document.date) if document.date else None,
        language=_language(root),
        sections=tuple(blocks.sections),
    )


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
