"""Repairs of a page's tree before its text is read: formulas, captions, footnote marks, tables, boxes."""

import re

from lxml.etree import _Element, strip_tags

from assistant.sources.html_boxes import boxes, hidden
from assistant.sources.html_formulas import write_formulas
from assistant.sources.html_tree import page_blocks

_MAX_SPAN = 1_000  # rows or columns that a cell is repeated in
_MAX_CELL = 1_000  # characters
_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th"})


def repair(root: _Element) -> None:
    """Change a page's tree in place. It takes linear time."""
    write_formulas(root)
    for node in list(hidden(root)):
        _remove(node)
    _story_in_aside(root)
    for figure in list(root.iter("figure")):
        _keep_captions(figure)
    for mark in list(root.iter("sup")):
        _drop_footnote_mark(mark)
    for table in list(root.iter("table")):
        if _is_layout(table):
            _undo_layout(table)
        else:
            _fill_merged_cells(table)
    for cell in list(root.iter("td", "th")):
        _flatten(cell)
    for item in list(root.iter("li")):
        strip_tags(item, "p")
    for items in list(root.iter("ul", "ol")):
        _keep_links_after_lead_in(items)
    for box in list(boxes(root)):
        _remove(box)


def _text(node: _Element) -> str:
    return "".join(node.itertext())


def _remove(node: _Element) -> None:
    """Remove an element, and not the text after it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (node.tail or "")
    else:
        parent.text = (parent.text or "") + (node.tail or "")
    parent.remove(node)


def _story_in_aside(root: _Element) -> None:
    """Make an aside with the page's only first heading, and with paragraphs, the article if there is none."""
    headings = list(root.iter("h1"))
    if len(headings) == 1 and not any(True for _ in root.iter("article", "main")):
        for node in headings[0].iterancestors("aside"):
            if sum(1 for _ in node.iter("p")) > 1:
                node.tag = "article"


def _keep_captions(figure: _Element) -> None:
    """Move the captions out of a figure, so that each is a paragraph of the article."""
    for caption in reversed(list(figure.iter("figcaption"))):
        if figure.getparent() is not None:
            _remove(caption)
            caption.tag, caption.tail = "p", None
            figure.addnext(caption)


def _drop_footnote_mark(mark: _Element) -> None:
    """Drop a superscript number that is no exponent: a link, or behind a number, a sign or a long word."""
    number = _text(mark).strip(" ,*†‡")
    if not (number.isdigit() or not number) or mark.getparent() is None:
        return
    sibling = mark.getprevious()
    before = ((sibling.tail or _text(sibling)) if sibling is not None else mark.getparent().text) or ""
    is_power = re.search(r"(?:\b10|\b[A-Za-z]{1,2}|[)×])\Z", before) is not None
    if before and not before[-1].isspace() and (not is_power or next(mark.iter("a"), None) is not None):
        _remove(mark)


def _fill_merged_cells(table: _Element) -> None:
    """Repeat a merged cell in each row and column that it spans."""
    pending: dict[int, tuple[int, _Element]] = {}  # by column: how many more rows have the cell
    for row in table.iter("tr"):
        cells, column = [cell for cell in row if cell.tag in {"td", "th"}], 0
        if len(cells) > _MAX_SPAN:
            return
        filled = list[_Element]()
        while cells or any(place >= column for place in pending):
            if column in pending:
                rows, cell = pending.pop(column)
                filled.append(_copy(cell))
                if rows > 1:
                    pending[column] = rows - 1, cell
                column += 1
            elif cells:
                cell = cells.pop(0)
                rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
                for i in range(columns):
                    filled.append(cell if i == 0 else _copy(cell))
                    if rows > 1:
                        pending[column + i] = rows - 1, cell
                column += columns
            else:
                break
        for cell in filled:
            row.append(cell)


def _copy(cell: _Element) -> _Element:
    copy = cell.makeelement(cell.tag)
    copy.text = " ".join(_text(cell).split())
    return copy


def _span(cell: _Element, name: str) -> int:
    value = cell.attrib.pop(name, "1").strip()
    return min(int(value), _MAX_SPAN) if re.fullmatch("[1-9][0-9]{0,3}", value) else 1


def _is_layout(table: _Element) -> bool:
    """True if a cell of a table holds a table, the page's heading or a long text: it places parts of the page."""
    return next(table.iterdescendants("table", "h1"), None) is not None or any(
        len(_text(cell)) > _MAX_CELL for cell in table.iter("td", "th")
    )


def _undo_layout(table: _Element) -> None:
    """Make a table and its own rows and cells plain elements."""
    parts = [table]
    while parts:
        part = parts.pop()
        parts += [child for child in part if child.tag in _PARTS]
        part.tag = "div"


def _flatten(cell: _Element) -> None:
    """Make lists and paragraphs in a cell its text, separated by commas."""
    if next(cell.iter("li", "p", "div"), None) is not None:
        blocks = page_blocks(cell)
        for child in list(cell):
            cell.remove(child)
        cell.text = ", ".join(" ".join(block.text.split()) for block in blocks)


def _keep_links_after_lead_in(items: _Element) -> None:
    """Make the links of a list text if the paragraph before it ends in a colon: it is no menu then."""
    before = items.getprevious()
    if before is not None and _text(before).rstrip().endswith(":"):
        strip_tags(items, "a")
