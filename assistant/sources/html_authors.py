"""The authors of a page: those of its linked data, that the extraction finds, or that its bylines name."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, product

from lxml.etree import _Element

from assistant.sources.authors import people, split_authors, without_day

_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline|autor)(?:[\s_-]?(?:name|link))?(?:$|\s)", re.IGNORECASE)
_NAME = re.compile(r"(?:^|\s)fn(?:$|\s)")
_COMMENT = re.compile(r"comment|reply|respond", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[\d:|()\[\]]")
_MAX_BYLINE = 60  # characters
_INITIAL = re.compile(r"\w|Jr|Sr|Dr|St")
_WORKS = re.compile(r"Article|Posting|Report|Review|WebPage|CreativeWork")  # of schema.org, that have an author
_MAX_LINKED = 100_000  # characters
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


def linked_authors(root: _Element) -> list[str]:
    """Return the names of the people who are the authors of a page by its linked data (schema.org, JSON-LD)."""
    found = list[str]()
    for node in root.iter("script"):
        if node.get("type") == "application/ld+json" and len(node.text or "") < _MAX_LINKED:
            with suppress(ValueError, RecursionError):
                found += _authors_in(json.loads(node.text or "", strict=False))
    return [name for name in dict.fromkeys(found) if not _NOT_IN_NAMES.search(name) and (" " in name or name.istitle())]


def _authors_in(value: object) -> Iterator[str]:
    """Yield the names of authors in linked data, which may nest and list its things."""
    if isinstance(value, list):
        for one in value:
            yield from _authors_in(one)
    elif isinstance(value, dict):
        if _WORKS.search(str(value.get("@type", ""))):
            authors = value.get("author", [])
            for author in authors if isinstance(authors, list) else [authors]:
                if isinstance(author, str):
                    yield author
                elif isinstance(author, dict) and author.get("@type") in {"Person", "person", None}:
                    yield str(author.get("name") or "")
        yield from _authors_in(value.get("@graph", []))


def _is_in_comment(node: _Element) -> bool:
    return any(_COMMENT.search(f"{one.get('class', '')} {one.get('id', '')}") for one in node.iterancestors())


def page_authors(found: str, linked: list[str], marked: list[str], site: str, page: str) -> tuple[str, ...]:
    """Return the authors of a page.

    Args:
        found: The names that the extraction found, which has lost their full stops.
        linked: The :func:`linked_authors` of the page.
        marked: Its :func:`bylines`.
        site: The name of its site, which may be empty.
        page: The page's source.
    """
    marks = next(filter(None, map(split_authors, marked)), ())
    named = [split_authors(*linked), split_authors(found) or marks]
    persons = next(filter(None, (people(names, site) for names in named)), ())
    # Where nobody is named, an agency or an editorial staff is the author.
    names = persons or tuple(map(without_day, named[1] or named[0]))
    return tuple(_spelled(name, page) for name in names)


def _spelled(name: str, page: str) -> str:
    """Return a name with the full stops of its initials, if the page has it with them."""
    text = " ".join(page.split())
    words = ((f"{word}.", word) if _INITIAL.fullmatch(word) else (word,) for word in name.split())
    spellings = map(" ".join, islice(product(*words), _MAX_SPELLINGS))
    return next((spelling for spelling in spellings if spelling in text), name)
