"""Names of authors, as documents and pages give them."""

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[;\n&]|\s(?:and|und|et|y)\s")
_BY = re.compile(
    r"(?:(?:(?:written|posted|edited|text)\s+)?by|(?:article|artikel|beitrag|text)\s+(?:by|von|par)|"
    r"author|autor(?:in)?|auteur|责任编辑|作者|name)[:\uff1a\s]+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:(?:wordpress)?admin(?:istrator)?|user(?:name)?|author|unknown|anonymous|owner|root|editor|none|null|name|posted|"
    r"human|webmaster|https?:.*)?",
    re.IGNORECASE,
)
_MAX_NAME = 100  # characters


def split_authors(*values: str) -> tuple[str, ...]:
    """Return the names in one or more fields, each once, in order.

    Names are separated by semicolons, line ends, "and" or "&"; by commas only if each part has two words, because
    "Lovelace, Ada" is one name.
    """
    names = [name for value in values for part in _BETWEEN.split(value) for name in _by_commas(part)]
    return tuple(dict.fromkeys(filter(None, map(_clean, names))))


def _by_commas(part: str) -> Iterable[str]:
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    return pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]


def _clean(name: str) -> str:
    name = " ".join(_BY.sub("", name.strip(), count=1).split()).strip(",;")
    return "" if _NO_NAME.fullmatch(name) or len(name) > _MAX_NAME else name
