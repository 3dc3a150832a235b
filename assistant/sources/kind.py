"""What kind of article a text is: by its content first, then by the suffix of its name."""

import re
from pathlib import PurePath
from typing import Literal

from assistant.errors import UnknownKind
from assistant.sources import seed

Kind = Literal["seed", "text", "markdown", "html"]

SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}
_HTML = re.compile(
    r"\A\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def kind_of(text: str, name: str) -> Kind:
    """The kind of a decoded file.

    Raises:
        UnknownKind: neither the content nor the suffix says.
    """
    if seed.is_seed(text):
        return "seed"
    if _HTML.match(text[:4096]):
        return "html"
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnknownKind(
            f"{name!r} is not a known kind of article.",
            expected="one of " + ", ".join(SUFFIXES),
            got=repr(suffix) if suffix else "a name without a suffix",
            hint="Rename it if it is one of these, or export it as text or HTML.",
        )
    return SUFFIXES[suffix]
