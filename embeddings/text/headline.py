"""The headline of an article: it becomes the title, which is context for search and reader, and leaves the text."""

import re
from collections.abc import Sequence
from itertools import chain, islice, pairwise
from typing import NamedTuple

from embeddings.text.article import Span, is_visible, paragraph_spans

MAX_HEADLINE = 200  # characters
_LOOKED_AT = 3  # blocks at the beginning of a text: a line such as "Business" may stand before the headline
_ENDS_LIKE_TEXT = re.compile(r"[.!?…:;,][\"'”’»)\]]*\Z")  # like a sentence, or a line that leads into what follows
_SITE_NAME = re.compile(r"(?<!\s)\s++[-–—|·•»:]\s")  # between a headline and the name of the site
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


class Headline(NamedTuple):
    """A title, and the span of the text that is left out with it: the headline and the white space after it."""

    title: str
    cut: Span


def find_headline(text: str, title: str | None, sections: Sequence[int], *, is_plain: bool) -> Headline | None:
    """Return the headline of a text, or None if it has none, or nothing visible beside it.

    With a title, it is the first of the first three blocks that says the same. Without one, it is the first block, if
    that is a heading; in plain text, if it is one line with a blank line after it and does not end like a sentence.

    Args:
        text: The text, with normalised line ends.
        title: The title, if it is known.
        sections: The offsets at which headings begin.
        is_plain: Whether the text is plain, so that headings are not marked in it.
    """
    blocks = list(islice(paragraph_spans(text), _LOOKED_AT + 1))
    for block, following in pairwise(blocks):
        line = " ".join(block.cut(text).split())
        is_first_line = block.start in sections or (is_plain and _is_headline(block.cut(text)))
        if is_first_line if title is None else _says(line, title):
            start = 0 if block == blocks[0] else block.start  # white space at the beginning goes with the first block
            rest = chain(text[:start], islice(text, following.start, None))
            return (
                Headline(title or line, Span(start=start, end=following.start)) if any(map(is_visible, rest)) else None
            )
        if title is None:
            break
    return None


def without(cut: Span, text: str, sections: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Return a text and its sections' offsets without a span."""
    kept = (offset for offset in sections if not cut.start <= offset < cut.end)
    return text[: cut.start] + text[cut.end :], tuple(moved(offset, cut) for offset in kept)


def moved(offset: int, cut: Span) -> int:
    """Return where an offset lies once a span was cut out: at its start, if it was inside."""
    return offset if offset <= cut.start else max(cut.start, offset - (cut.end - cut.start))


def _is_headline(block: str) -> bool:
    is_line = len(block) <= MAX_HEADLINE and "\n" not in block and any(map(str.isalpha, block))
    return is_line and not _ENDS_LIKE_TEXT.search(block)


def _says(line: str, title: str) -> bool:
    """True if a line is the title, whose end may be the name of the site."""
    line, title = (" ".join(value.translate(_QUOTES).casefold().split()) for value in (line, title))
    return title.startswith(line) and (len(line) == len(title) or bool(_SITE_NAME.match(title, len(line))))
