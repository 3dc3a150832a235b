"""Detection of an article's kind: seed format, plain text, Markdown or HTML."""

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


def detect_kind(text: str, name: str) -> Kind:
    """Return the kind of a decoded file, from its content or else from the suffix of its name.

    Raises:
        UnknownKind: neither tells the kind.
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
