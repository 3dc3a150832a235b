"""HTML trees, and the conversion of a tree to blocks of text."""

import re
from typing import NamedTuple
from unicodedata import normalize

from lxml.etree import Element, ParserError, _Element, iterwalk
from lxml.html import HTMLParser, document_fromstring

from assistant.sources.blocks import Blocks, clean_block


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Element names of HTML and, at the end of each list, their equivalents in trafilatura's trees.
_HEADING = _names("h1 h2 h3 h4 h5 h6 head")
_LIST = _names("ul ol list")
_ITEM = _names("li item")
_CELL = _names("td th cell")
_BREAK = _names("br lb")
_INLINE = _names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rt ruby s samp small "
    "span strike strong sub sup td th time tt u var wbr cell hi lb ref mjx-container mjx-assistive-mml"
)
_NAVIGATION = _names("aside footer menu nav")
CONTROLS = _names("button iframe noscript object option rp script select style svg template textarea title")
_SOFT_HYPHEN = "\xad"
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse_tree(text: str) -> _Element:
    """Parse an HTML document or fragment; an empty one becomes an empty element."""
    # Without huge_tree, a paragraph of ten million characters is silently dropped.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return document_fromstring(_NOT_IN_XML.sub("", text).encode(), parser=parser)
    except ParserError:
        return Element("html")


def flatten_cells(root: _Element) -> None:
    """Make the paragraphs inside each table cell its text, so that a row is one block, as converters write tables."""
    for paragraph in root.xpath(".//td//p | .//th//p"):
        paragraph.tail = f" {paragraph.tail or ''}"
        paragraph.drop_tag()


class PageBlock(NamedTuple):
    """A block of readable text with its place in the tree.

    Attributes:
        text: the text; white space in its lines is collapsed unless it is verbatim.
        node: the innermost block element that the text stands in.
        heading: whether it is a heading.
        verbatim: whether it is preformatted.
        prose: whether any of it is no link.
        link_characters: how many characters are links.
    """

    text: str
    node: _Element
    heading: bool
    verbatim: bool
    prose: bool
    link_characters: int

    @property
    def outermost_list(self) -> _Element | None:
        """The list that the block is in; of nested ones the outermost."""
        found = None
        for item in (self.node, *self.node.iterancestors()):
            if item.tag in _ITEM and (parent := item.getparent()) is not None and parent.tag in _LIST:
                found = parent
            elif found is not None and item.tag not in _LIST:
                break
        return found


def page_blocks(root: _Element, skipped: frozenset[str] = CONTROLS, *, alt: bool = False) -> list[PageBlock]:
    """Return the blocks of an element in their order, without the elements named ``skipped`` and blank blocks.

    With ``alt``, the descriptions of pictures are text.
    """
    converter = _BlockConverter(root)
    walk = iterwalk(root, events=("start", "end"))  # no recursion: pages may be nested deeply
    for event, node in walk:
        if event == "end":
            converter.end(node)
            converter.add_text(node.tail if node is not root else None)
            continue
        converter.start(node)
        if alt and node.tag == "img":
            converter.add_text(node.get("alt"))
        if node.tag in skipped:
            walk.skip_subtree()
        else:
            converter.add_text(node.text)
    converter.close_block()
    return converter.blocks


def read_tree(root: _Element, blocks: Blocks, *, menus: bool = True) -> None:
    """Add the readable text of an element to the blocks, without scripts, styles, navigation and form controls.

    Without ``menus``, blocks that consist only of links are left out too, unless they are headings.
    """
    for block in page_blocks(root, CONTROLS | _NAVIGATION, alt=True):
        if menus or block.prose or block.heading:
            blocks.add(block.text, heading=block.heading, verbatim=block.verbatim, of_list=block.outermost_list)


class _BlockConverter:
    """Collects text between tags, and adds a block where a block element starts or ends."""

    def __init__(self, root: _Element) -> None:
        self.blocks: list[PageBlock] = []
        self._open = [root]  # block elements
        self._pieces: list[str] = []
        self._prose = False
        self._link_characters = 0
        self._headings = self._verbatim = self._links = 0  # nesting depths

    def start(self, node: _Element) -> None:
        self._enter_or_leave(node, 1)
        if node.tag in _BREAK:
            self._pieces.append("\n")
        elif node.tag in _CELL and self._pieces:
            self._pieces.append(" | ")

    def end(self, node: _Element) -> None:
        self._enter_or_leave(node, -1)

    def add_text(self, text: str | None) -> None:
        if text and (self._verbatim or not text.isspace() or self._pieces):
            self._pieces.append(text if self._verbatim else re.sub(r"\s+", " ", text))
            self._prose = self._prose or not (self._links or text.isspace())
            self._link_characters += len(text.strip()) if self._links else 0

    def close_block(self) -> None:
        composed = normalize("NFC", "".join(self._pieces).replace(_SOFT_HYPHEN, ""))
        text = clean_block(composed, verbatim=self._verbatim > 0)
        if text:
            kinds = self._headings > 0, self._verbatim > 0, self._prose
            self.blocks.append(PageBlock(text, self._open[-1], *kinds, self._link_characters))
        self._pieces.clear()
        self._prose, self._link_characters = False, 0

    def _enter_or_leave(self, node: _Element, step: int) -> None:
        # trafilatura uses ``code`` for blocks and for inline code; only blocks have several lines.
        tag = node.tag
        verbatim = tag == "pre" or (tag == "code" and "\n" in (node.text or ""))
        if self._verbatim and tag == "div":  # as some pages mark a line of code
            if self._pieces and not self._pieces[-1].endswith("\n"):
                self._pieces.append("\n")
        elif verbatim or tag not in _INLINE:
            self.close_block()
            if step > 0:
                self._open.append(node)
            elif self._open[-1] is node:
                self._open.pop()
        self._verbatim += step * verbatim
        self._headings += step * (tag in _HEADING)
        self._links += step * (tag == "a")
