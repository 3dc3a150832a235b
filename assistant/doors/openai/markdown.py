"""Markdown escaping: chat clients render replies as Markdown and would fetch the images in them."""

import re
from urllib.parse import quote

# A closing bracket makes an image or a link together with "(" or "[", and a definition of one together with ":". A
# backslash before punctuation would disappear.
_ACTIVE = re.compile(r"(?<=\])[(\[:]|<(?=[A-Za-z/!?])|\\(?=[!-/:-@\[-`{-~])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOT_IN_DESTINATION = re.compile(r"[\s<>\\`]")


def escape(text: str) -> str:
    """Put a backslash before each character that would make an image, a link or HTML."""
    return _ACTIVE.sub(r"\\\g<0>", text)


def unescape(text: str) -> str:
    """Reverse ``escape``."""
    return _ESCAPED.sub(r"\1", text)


def link_destination(url: str) -> str:
    """Return a URL as a link destination in angle brackets, percent-encoded where necessary."""
    return f"<{_NOT_IN_DESTINATION.sub(lambda match: quote(match[0]), url)}>"
