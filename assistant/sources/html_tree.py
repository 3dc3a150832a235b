"""HTML as a tree, and a tree as blocks of text."""

import re

from lxml.etree import Element, ParserError, _Element, iterwalk
from lxml.html import HTMLParser, document_fromstring

from assistant.sources.blocks import Blocks


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Names of HTML and, at the end of each list, those that trafilatura's trees have in their place.
_HEADING = _names("h1 h2 h3 h4 h5 h6 head")
_CELL = _names("td th cell")
_BREAK = _names("br lb")
_INLINE = _names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rt ruby s samp small "
    "span strike strong sub sup td th time tt u var wbr cell hi lb ref"
)
_UNREAD = _names(
    "aside button footer iframe menu nav noscript object option rp script select style svg template textarea title"
)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse_tree(text: str) -> _Element:
    """The tree of an HTML document or fragment; one empty element when there is nothing in it."""
    # huge_tree: without it a paragraph of ten million characters is left out without a word.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return document_fromstring(_NOT_IN_XML.sub("", text).encode(), parser=parser)
    except ParserError:
        return Element("html")


def read_tree(root: _Element, blocks: Blocks, *, menus: bool = True) -> None:
    """Add the readable text of an element to the blocks, without scripts, styles, navigation and controls.

    Without ``menus``, blocks that are nothing but links are left out too, unless they are headings.
    """
    reader = _Reader(blocks, menus=menus)
    walk = iterwalk(root, events=("start", "end"))  # no recursion: a page may be nested as deeply as it likes
    for event, node in walk:
        if event == "end":
            reader.leave(node)
            reader.take(node.tail if node is not root else None)
        else:
            reader.enter(node)
            if node.tag in _UNREAD:
                walk.skip_subtree()
            else:
                reader.take(node.text)
    reader.close_block()


class _Reader:
    """Gathers text while elements are entered and left, and adds it as a block where one begins or ends."""

    def __init__(self, blocks: Blocks, *, menus: bool) -> None:
        self._blocks = blocks
        self._menus = menus
        self._pieces: list[str] = []
        self._prose = False
        self._headings = self._verbatim = self._links = 0

    def enter(self, node: _Element) -> None:
        self._bound(node, 1)
        if node.tag in _BREAK:
            self._pieces.append("\n")
        elif node.tag in _CELL and self._pieces:
            self._pieces.append(" | ")
        elif node.tag == "img":
            self.take(node.get("alt"))

    def leave(self, node: _Element) -> None:
        self._bound(node, -1)

    def take(self, text: str | None) -> None:
        if text and (self._verbatim or not text.isspace() or self._pieces):
            self._pieces.append(text if self._verbatim else re.sub(r"\s+", " ", text))
            self._prose = self._prose or not (self._links or text.isspace())

    def close_block(self) -> None:
        if not self._pieces:
            return
        if self._menus or self._prose or self._headings:
            self._blocks.add("".join(self._pieces), heading=self._headings > 0, verbatim=self._verbatim > 0)
        self._pieces.clear()
        self._prose = False

    def _bound(self, node: _Element, step: int) -> None:
        # trafilatura has one name for a block of code and for a word of it; only a block has lines.
        tag = node.tag
        verbatim = tag == "pre" or (tag == "code" and "\n" in (node.text or ""))
        if verbatim or tag not in _INLINE:
            self.close_block()
        self._verbatim += step * verbatim
        self._headings += step * (tag in _HEADING)
        self._links += step * (tag == "a")
