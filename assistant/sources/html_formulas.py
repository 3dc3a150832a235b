"""Formulas of a page as text: their TeX where the page has it, else the signs in their order."""

from itertools import islice

from lxml.etree import _Element

_BETWEEN = {"msup": "^", "mover": "^", "msub": "_", "munder": "_", "mfrac": "/"}
_MAX_DEPTH = 100


def write_formulas(root: _Element) -> None:
    """Replace each formula, which the extraction would drop, by its text, without the picture of it beside it."""
    holders = dict[_Element, None]()
    for formula in list(root.iter("math")):
        holders.update(dict.fromkeys(islice(formula.iterancestors("span"), 2)))
        text, tail = _tex(formula) or formula.get("alttext") or _signs(formula), formula.tail
        formula.clear()
        formula.tag, formula.text, formula.tail = "span", f" {' '.join(text.split())} ", tail
    for holder in holders:
        holder.attrib.pop("style", None)  # it is hidden where the picture is shown
        for picture in holder.iter("img"):
            picture.set("alt", "")


def _tex(formula: _Element) -> str:
    for note in formula.iter("annotation"):
        if "tex" in note.get("encoding", "").casefold():
            return "".join(note.itertext())
    return ""


def _signs(node: _Element, depth: int = 0) -> str:
    if not len(node) or depth > _MAX_DEPTH:
        return " ".join("".join(node.itertext()).split())
    parts = [_signs(child, depth + 1) for child in node if child.tag != "annotation"]
    sign = _BETWEEN.get(str(node.tag))
    if sign and len(parts) == 2:
        return sign.join(part if len(part) == 1 else f"({part})" for part in parts)
    return f"√({''.join(parts)})" if node.tag == "msqrt" else "".join(parts)
