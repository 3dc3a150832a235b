"""Markdown and citation marks in sentences that a language model or a person wrote."""

import re

_MARKUP = re.compile(
    r"\A\s*(?:[-*•>]\s+|\d{1,2}[.)]\s+|#+\s+|[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]++\s*+)|\*\*|__|`"
    r"|(?:(?<!\s)\s++)?(?:\[\^?\d+(?:\s*[,–-]\s*\d+)*\]|【[^【】]*】"
    r"|[\[(](?:passage|source|article|citation)s?\b[^][()]*[\])])",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^][]+)\]\([^)[]*\)")


def without_markup(sentence: str) -> str:
    """Return a sentence without Markdown and citation marks, with single spaces."""
    return " ".join(_MARKUP.sub("", _LINK.sub(r"\1", sentence)).split())


def blank_markup(sentence: str) -> str:
    """Return a sentence of the same length with spaces in place of Markdown and citation marks."""
    words = _LINK.sub(lambda link: f" {link[1]}".ljust(len(link[0])), sentence)
    return _MARKUP.sub(lambda mark: " " * len(mark[0]), words)
