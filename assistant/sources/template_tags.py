"""Tags that a site generator (Jekyll, Eleventy, Hugo) replaces before a reader sees a Markdown document."""

import re

_INSIDE = r"\{(?![%{])|\n(?!\n)"  # a tag ends in its paragraph, and before the next one
_TAG = re.compile(rf"\{{%(?:[^\n%{{]|%(?!\}})|{_INSIDE})*+%\}}|\{{\{{(?:[^\n}}{{]|\}}(?!\}})|{_INSIDE})*+\}}\}}")
_VALUE = re.compile(r"\{\{(?![<%])[^|(]*\Z")
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters of Unicode, which are not for use in texts
_HIDDEN = re.compile(rf"{_OPEN}(\d+){_CLOSE}")


class TemplateTags:
    """The tags of a document, hidden while it is parsed: the spaces and quotes of a tag would end a link's address.

    ``{% … %}``, ``{{< … >}}``, ``{{% … %}}`` and ``{{ … | filter }}`` are instructions, which are not text. Any other
    ``{{ … }}`` stands for a value, which only the generator knows: it stays as it is written.

    Attributes:
        hidden: the document with each tag replaced by a word without spaces.
    """

    def __init__(self, text: str) -> None:
        self._tags: list[str] = []
        self.hidden = text if _OPEN in text else _TAG.sub(self._hide, text)

    def _hide(self, tag: re.Match[str]) -> str:
        self._tags.append(tag[0])
        return f"{_OPEN}{len(self._tags) - 1}{_CLOSE}"

    def in_code(self, text: str) -> str:
        """Return a part of the hidden document with all its tags: code is verbatim."""
        return _HIDDEN.sub(lambda found: self._tags[int(found[1])], text)

    def in_text(self, text: str) -> str:
        """Return a part of the hidden document with its values, without instructions."""
        return _HIDDEN.sub(lambda found: tag if _VALUE.match(tag := self._tags[int(found[1])]) else "", text)
