"""The title of a page: not the name of its site, where the page tells the two apart."""

import re

from lxml.etree import _Element

_SEPARATOR = re.compile(r" [-–—|·•:»«/]+ ")  # between headline and site in ``<title>``


def page_title(root: _Element, found: str | None, site: str | None) -> str | None:
    """Return the title of a page.

    Args:
        root: The page.
        found: The title that the extraction found, which may be the site's name from a logo.
        site: The site's name, if the page says it.
    """
    whole = " ".join("".join(root.xpath("string(//head/title)")).split())
    parts = _SEPARATOR.split(whole)
    if not found or len(parts) < 2 or _key(found) not in {_key(part) for part in (parts[0], parts[-1])}:
        return found
    others = [part for part in parts if _key(part) != _key(found)]
    headings = {_key("".join(node.itertext())) for node in root.iter("h1", "h2", "h3")}
    named = [part for part in others if _key(part) in headings]
    if named and not _is_headline(root, found):
        return named[0]
    return max(others, key=len) if others and site and _key(site) == _key(found) else found


def _is_headline(root: _Element, found: str) -> bool:
    """True if a first heading with these words is not a link to the site's first page."""
    for node in root.iter("h1"):
        if _key("".join(node.itertext())) == _key(found):
            links = [link.get("href", "") for link in (*node.iter("a"), *node.iterancestors("a"))]
            return not any(re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", href) for href in links)
    return False


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
