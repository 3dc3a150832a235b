"""Text as Markdown that shows it: chat clients render replies, and fetch the images of what they render."""

import re
from urllib.parse import quote

# A bracket that is closed makes an image or a link with what follows it, also of a definition elsewhere ("[x]: …"). And
# what stands behind a backslash would lose it.
_ALIVE = re.compile(r"(?<=\])[(\[:]|<(?=[A-Za-z/!?])|\\(?=[!-/:-@\[-`{-~])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENDS_ADDRESS = re.compile(r"[\s<>\\`]")


def escaped(text: str) -> str:
    """The text with a backslash before each character that would make an image, a link or HTML of it."""
    return _ALIVE.sub(r"\\\g<0>", text)


def unescaped(text: str) -> str:
    """What was escaped."""
    return _ESCAPED.sub(r"\1", text)


def address(url: str) -> str:
    """A URL as a link, whatever characters it has."""
    return f"<{_ENDS_ADDRESS.sub(lambda found: quote(found[0]), url)}>"
