"""The title of a page: not the name of its site, nor the heading of a menu."""

import re

from lxml.etree import _Element

_SEPARATOR = re.compile(r" [-–—|·•:»«\u203a/]+ ")  # between headline and site in ``<title>``
_BEFORE_SITE = re.compile(r"\A\s*+[-–—|·•»«\u203a\uff5c_]\s*+\S")  # what follows a headline
_STRAIGHT = str.maketrans(
    "\u2018\u2019\u201c\u201d", "''\"\""
)  # quotation marks, which headings and titles write apart
_MAX_MENU = 2  # words of a menu's heading
_MIN_HEADLINE = 4  # words that tell more than that


def page_title(root: _Element, found: str | None, site: str | None) -> str | None:
    """Return the title of a page.

    Args:
        root: The page.
        found: The title that the extraction found, which may be the site's name from a logo, or a menu's heading.
        site: The site's name, if the page says it.
    """
    if not found:
        return found
    whole = " ".join("".join(root.xpath("string(//head/title)")).split())
    headings = _headings(root, site)
    parts = _SEPARATOR.split(whole)
    if _key(found) not in _key(whole) or _key(found) in {_key(site or ""), _key(parts[-1])}:
        named = [text for text in headings if _begins(whole, text)]
        if named and not _is_headline(root, found):
            return max(named, key=len)
        is_menu = len(found.split()) <= _MAX_MENU
        if is_menu and _key(found) not in _key(whole) and not named:
            longest = max(parts, key=len)
            return longest if len(longest.split()) >= _MIN_HEADLINE else found
    if len(parts) > 1 and _key(found) in {_key(parts[0]), _key(parts[-1])}:
        return _other_part(root, found, site, parts, headings)
    return _without_site(found, site, headings)


def _other_part(root: _Element, found: str, site: str | None, parts: list[str], headings: list[str]) -> str:
    """Return a part of ``<title>`` that is a heading, if the one that was found is a logo."""
    others = [part for part in parts if _key(part) != _key(found)]
    named = [part for part in others if _key(part) in {_key(text) for text in headings}]
    if named and not _is_headline(root, found):
        return named[0]
    return max(others, key=len) if others and site and _key(site) == _key(found) else found


def _without_site(found: str, site: str | None, headings: list[str]) -> str:
    """Cut the site's name off a title: what stands behind the heading that it begins with, or is that name."""
    named = [text for text in headings if _begins(found, text) and len(text) < len(found)]
    if named:
        return max(named, key=len)
    parts = list(_SEPARATOR.finditer(found))
    if site and parts and _key(found[parts[-1].end() :]) == _key(site):
        return found[: parts[-1].start()]
    return found


def _headings(root: _Element, site: str | None) -> list[str]:
    """Return the texts of the headings of two words or more, without the site's name."""
    texts = (" ".join("".join(node.itertext()).split()) for node in root.iter("h1", "h2", "h3"))
    return [text for text in texts if _key(text) != _key(site or "") and (" " in text or len(text) > 15)]


def _begins(whole: str, heading: str) -> bool:
    """True if a title is a heading, or a heading followed by a site's name."""
    start, rest = _key(whole)[: len(_key(heading))], _key(whole)[len(_key(heading)) :]
    return start == _key(heading) and (not rest or _BEFORE_SITE.match(rest) is not None)


def _is_headline(root: _Element, found: str) -> bool:
    """True if a first heading with these words is not a link to the site's first page."""
    for node in root.iter("h1"):
        if _says(node, found):
            links = [link.get("href", "") for link in (*node.iter("a"), *node.iterancestors("a"))]
            return not any(re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", href) for href in links)
    return False


def _says(node: _Element, text: str) -> bool:
    return _key("".join(node.itertext())) == _key(text)


def _key(text: str) -> str:
    return " ".join(text.casefold().translate(_STRAIGHT).split())
