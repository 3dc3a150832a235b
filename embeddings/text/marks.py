"""Texts without the marks that change nothing of what they say, to tell whether two say the same."""

import re

# Signs (C++, 5 %, -5), what stands before a digit, and a question mark say something.
_MARKS = re.compile(r"[-.,:](?!\.?\d)|[^\w\s+#%$£€¥&?=<>°/.,:-]")


def without_marks(text: str) -> str:
    """Return a text without such marks, and with single spaces between its words."""
    return " ".join(_MARKS.sub(" ", text).split())
