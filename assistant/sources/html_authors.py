"""The authors of a page: where the extraction finds none, those that its bylines name; spelled as the page does."""

import re
from itertools import islice, product

from lxml.etree import _Element

from assistant.sources.authors import split_authors

_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline|autor)(?:[\s_-]?(?:name|link))?(?:$|\s)", re.IGNORECASE)
_NAME = re.compile(r"(?:^|\s)fn(?:$|\s)")
_COMMENT = re.compile(r"comment|reply|respond", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[\d:|()\[\]]")
_MAX_BYLINE = 60  # characters
_INITIAL = re.compile(r"\w|Jr|Sr|Dr|St")
_MAX_SPELLINGS = 16  # of a name, which are looked for in the page


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
    text = " ".join(page.split())
    words = ((f"{word}.", word) if _INITIAL.fullmatch(word) else (word,) for word in name.split())
    spellings = map(" ".join, islice(product(*words), _MAX_SPELLINGS))
    return next((spelling for spelling in spellings if spelling in text), name)
