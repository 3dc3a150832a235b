"""What stands in an article and is no part of it: hidden text, offers, pointers elsewhere, headings of comments."""

import re
from collections.abc import Iterator

from lxml.etree import _Element, iterwalk

_BOX = re.compile(
    r"newsletter|sign-?up|subscribe|app-(?:promo|banner)|social-|share-|related-|read-?more|comments?-", re.IGNORECASE
)
_POINTER = re.compile(
    r"(?:related|read (?:more|also|next)|see also|more on this|recommended|watch|click here|"
    r"lea (?:también|más|además)|(?:le|te) puede interesar|v(?:ea|er) también|leia (?:também|mais)|veja também|"
    r"lesen sie auch|lies auch|siehe auch|mehr (?:zum thema|dazu)|lire aussi|voir aussi|leggi anche|lees ook)\b|mira:",
    re.IGNORECASE,
)
_POINTER_ALONE = re.compile(
    r"(?:you (?:may|might) also (?:like|enjoy)|explore further|don['’]?t miss|most (?:read|popular)|"
    r"editor['’]?s['’]? picks?|(?:related|recommended|more|top|popular) (?:articles?|stories|posts?|content|videos?)|"
    r"something to consider|further reading|advertisement|sponsored|"
    r"(?:weitere|mehr|top|ähnliche|verwandte)[ -](?:themen|artikel|beiträge)|mehr zum thema|temas relacionados|"
    r"sur le même sujet|articles? (?:liés|similaires)|keine kommentare)[ :.!…]*",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\A(?:please |want |click here to )?(?:sign up|subscribe|register|get|join|download|listen|follow)\b.*"
    r"\b(?:newsletters?|inbox|podcasts?|apps?|alerts?|channel|clicking here|click here|for free|our free)\b",
    re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"\b(?:follow|like|find|join) (?:us|me|\w+(?: \w+){0,3}) (?:on|at) (?:@|twitter|facebook|instagram|x\b)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:copyright\b|©|\(c\) ?(?:19|20)\d\d|all rights reserved)", re.IGNORECASE)
_REPLIES = re.compile(r"(?:\d{1,6} )?comments?", re.IGNORECASE)
_HIDDEN = re.compile(r"display:none|visibility:hidden", re.IGNORECASE)
_HEADINGS = "h2", "h3", "h4", "h5", "h6"
_MAX_POINTER = 160  # characters of a paragraph that only points elsewhere
_MIN_POINTER = 4  # words of a link that is a headline
_MAX_HIDDEN = 0.5  # of the page's text: what hides more is shown by a script


def hidden(root: _Element) -> Iterator[_Element]:
    """Yield the elements that the page hides, unless they hold most of its text."""
    found, walk = list[_Element](), iterwalk(root, events=("start",))
    for _, node in walk:
        if _is_hidden(node):
            found.append(node)
            walk.skip_subtree()
    most = _MAX_HIDDEN * len(_text(root)) if found else 0
    yield from (node for node in found if len(_text(node)) < most)


def boxes(root: _Element) -> Iterator[_Element]:
    """Yield boxes and lines that are no part of the article around them."""
    for node in root.iter("div", "section", "form", "ul"):
        if _BOX.search(f"{node.get('class', '')} {node.get('id', '')}") and len(list(node.iter("p"))) < 4:
            yield node
    for node in root.iter("p", *_HEADINGS):
        text = " ".join(_text(node).split())
        if text and len(text) <= _MAX_POINTER and _is_no_part(node, text):
            yield node


def _is_no_part(node: _Element, text: str) -> bool:
    has_link = next(node.iter("a"), None) is not None
    if _POINTER.match(text) and (has_link or text.isupper()):
        return True
    if has_link and (_OFFER.match(text) or _is_headline_elsewhere(node, text)):
        return True
    return bool(
        _POINTER_ALONE.fullmatch(text) or _FOLLOW.search(text) or _REPLIES.fullmatch(text) or _RIGHTS.match(text)
    )


def _is_headline_elsewhere(node: _Element, text: str) -> bool:
    """True if a paragraph between paragraphs is nothing but one link to another page, and no item of a list."""
    links = list(node.iter("a"))
    if node.tag != "p" or len(links) != 1 or len(text.split()) < _MIN_POINTER:
        return False
    before = node.getprevious()
    return (
        not links[0].get("href", "#").startswith("#")
        and " ".join(_text(links[0]).split()) == text
        and before is not None
        and not _text(before).rstrip().endswith(":")
        and next(node.iterancestors("li", "td", "th", "blockquote", "figure"), None) is None
    )


def _is_hidden(node: _Element) -> bool:
    if not isinstance(node.tag, str) or node.tag in {"html", "head", "body"}:
        return False
    return "hidden" in node.attrib or _HIDDEN.search("".join(node.get("style", "").split())) is not None


def _text(node: _Element) -> str:
    return "".join(node.itertext())
