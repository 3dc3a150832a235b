"""The authors of a page: where the extraction finds none, those that its bylines name; spelled as the page does."""

import re

from lxml.etree import _Element

from assistant.sources.authors import split_authors

_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline|autor)(?:[\s_-]?(?:name|link))?(?:$|\s)", re.IGNORECASE)
_NAME = re.compile(r"(?:^|\s)fn(?:$|\s)")
_COMMENT = re.compile(r"comment|reply|respond", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[\d:|()\[\]]")
_MAX_BYLINE = 60  # characters
_INITIAL = re.compile(r"\b(?:\w|Jr|Sr|Dr|St)\b")


def bylines(root: _Element) -> list[str]:
    """Return what the page marks as the names of its authors, the plainest mark first."""
    marked = list[tuple[int, str]]()
    for node in root.iter("a", "span", "b", "strong", "address", "div", "p"):
        if "author" in node.get("rel", "").split() or node.get("itemprop") == "author":
            rank = 0
        elif _NAME.search(node.get("class", "")):
            rank = 1
        elif _AUTHOR.search(node.get("class", "")):
            rank = 2
        else:
            continue
        text = " ".join("".join(node.itertext()).split()) if len(list(node.iter())) < 10 else ""
        if 0 < len(text) <= _MAX_BYLINE and not _NOT_IN_NAMES.search(text) and not _is_in_comment(node):
            marked.append((rank, text))
    return [text for _, text in sorted(marked, key=lambda one: one[0])]


def _is_in_comment(node: _Element) -> bool:
    return any(_COMMENT.search(f"{one.get('class', '')} {one.get('id', '')}") for one in node.iterancestors())


def page_authors(found: str, marked: list[str], page: str) -> tuple[str, ...]:
    """Return the authors of a page.

    Args:
        found: The names that the extraction found, which has lost their full stops.
        marked: The :func:`bylines` of the page.
        page: The page's source.
    """
    names = split_authors(found)
    for text in marked:
        names = names or split_authors(text)
    return tuple(_spelled(name, page) for name in names)


def _spelled(name: str, page: str) -> str:
    """Return a name with the full stops of its initials, if the page has it with them."""
    if " " not in name or not _INITIAL.search(name):
        return name
    pattern = r"\s+".join(re.escape(word) + (r"\.?" if _INITIAL.fullmatch(word) else "") for word in name.split())
    spellings = re.findall(rf"(?<!\w){pattern}", page)
    return " ".join(max(spellings, key=len, default=name).split())
