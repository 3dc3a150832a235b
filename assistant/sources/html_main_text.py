"""The main text of a page: those of its blocks that a model takes for it."""

from collections.abc import Sequence

import numpy as np
from lxml.etree import _Element
from numpy.typing import NDArray

from assistant.sources.blocks import Blocks
from assistant.sources.html_features import Features, PageFeatures
from assistant.sources.html_model import block_model
from assistant.sources.html_tree import PageBlock, page_blocks, read_tree

_MAX_LEAD_IN = 100  # characters
_LISTS = frozenset({"ul", "ol", "table"})
_IN_LISTS = _LISTS | {"li", "thead", "tbody", "tfoot", "tr", "td", "th"}


def main_blocks(root: _Element, body: _Element | None, title: str) -> Sequence[PageBlock]:
    """Return the blocks of the main text, without headings that repeat the title first or that nothing follows.

    Args:
        root: the page, repaired.
        body: trafilatura's tree of its main text, if it has one.
        title: the page's title.
    """
    blocks, features = page_features(root, body, title)
    odds = _by_lists(blocks, block_model().log_odds(features))
    return _trimmed([block for block, of_main in zip(blocks, odds, strict=True) if of_main > 0], title)


def page_features(root: _Element, body: _Element | None, title: str) -> tuple[Sequence[PageBlock], Features]:
    """Return the blocks of a page and their features; the arguments are those of :func:`main_blocks`."""
    blocks, extracted = page_blocks(root), Blocks()
    if body is not None:
        read_tree(body, extracted)
    return blocks, PageFeatures(blocks, extracted.text, title).matrix()


def _by_lists(blocks: Sequence[PageBlock], odds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log odds with those of the items of a list, or the rows of a table, replaced by their mean."""
    members: dict[_Element, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.node.tag in {"li", "tr"} and (outermost := _list_of(block.node)) is not None:
            members.setdefault(outermost, []).append(number)
    found = odds.copy()
    for numbers in members.values():
        found[numbers] = odds[numbers].mean()
    return found


def _list_of(item: _Element) -> _Element | None:
    """Return the outermost of the lists and tables that an item or row is nested in, without other elements between."""
    found = None
    for node in item.iterancestors():
        if node.tag not in _IN_LISTS:
            break
        found = node if node.tag in _LISTS else found
    return found


def _trimmed(blocks: Sequence[PageBlock], title: str) -> Sequence[PageBlock]:
    first = next((i for i, block in enumerate(blocks) if not (block.heading and _says(block, title))), len(blocks))
    last = next((i for i in range(len(blocks), first, -1) if not _leads_on(blocks[i - 1])), first)
    return blocks[first:last]


def _leads_on(block: PageBlock) -> bool:
    return block.heading or (len(block.text) <= _MAX_LEAD_IN and block.text.endswith(":"))


def _says(block: PageBlock, title: str) -> bool:
    return block.text.casefold().split() == title.casefold().split()
