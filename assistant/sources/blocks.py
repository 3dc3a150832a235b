"""Blocks of readable text: headings, paragraphs, list items, table rows, code."""

from embeddings.text.article import Span, normalise_line_ends


def clean_block(block: str, *, verbatim: bool = False) -> str:
    """Return a block without blank ends; white space in its lines is collapsed unless it is verbatim."""
    lines = normalise_line_ends(block).split("\n")
    text = "\n".join(lines if verbatim else [" ".join(line.split()) for line in lines]).strip("\n")
    return text if text.strip() else ""


class Blocks:
    """A sequence of blocks. ``sections`` are the offsets in ``text`` at which headings begin, ``lists`` its lists."""

    def __init__(self) -> None:
        self.sections: list[int] = []
        self.lists: list[Span] = []
        self._list: object = None  # that of the last block
        self._blocks: list[str] = []
        self._next = 0

    @property
    def text(self) -> str:
        """Return the blocks, separated by blank lines."""
        return "\n\n".join(self._blocks)

    def add(self, block: str, *, heading: bool = False, verbatim: bool = False, of_list: object = None) -> None:
        """Add a block unless it is blank. White space in its lines is collapsed unless it is verbatim.

        ``of_list`` stands for the list that the block is in, of nested ones the outermost.
        """
        if block := clean_block(block, verbatim=verbatim):
            if heading:
                self.sections.append(self._next)
            if of_list is not None:
                is_same = of_list is self._list
                start = self.lists.pop().start if is_same else self._next
                self.lists.append(Span(start=start, end=self._next + len(block)))
            self._list = of_list
            self._blocks.append(block)
            self._next += len(block) + len("\n\n")
