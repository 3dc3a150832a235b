"""Blocks of readable text: headings, paragraphs, list items, table rows, code."""

from embeddings.text.article import normalise_line_ends


class Blocks:
    """Blocks in order. ``text`` is all of them, ``sections`` the offsets in it at which headings begin."""

    def __init__(self) -> None:
        self.sections: list[int] = []
        self._blocks: list[str] = []
        self._next = 0

    @property
    def text(self) -> str:
        """The blocks, a blank line between two."""
        return "\n\n".join(self._blocks)

    def add(self, block: str, *, heading: bool = False, verbatim: bool = False) -> None:
        """Add a block, white space inside its lines as one space unless it is verbatim. An empty one is left out."""
        lines = normalise_line_ends(block).split("\n")
        block = "\n".join(lines if verbatim else [" ".join(line.split()) for line in lines]).strip("\n")
        if block.strip():
            if heading:
                self.sections.append(self._next)
            self._blocks.append(block)
            self._next += len(block) + len("\n\n")
