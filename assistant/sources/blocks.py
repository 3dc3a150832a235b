"""Blocks of readable text: headings, paragraphs, list items, table rows, code."""

from embeddings.text.article import Span, normalise_line_ends

_MIN_WORDS_OF_LINE, _MIN_PLAIN = 7, 0.9  # of prose: words on average, and their share without other signs


def clean_block(block: str, *, verbatim: bool = False) -> str:
    """Return a block without blank ends; white space in its lines is collapsed unless it is verbatim."""
    lines = normalise_line_ends(block).split("\n")
    text = "\n".join(lines if verbatim else [" ".join(line.split()) for line in lines]).strip("\n")
    return text if text.strip() else ""


class Blocks:
    """A sequence of blocks.

    ``sections`` are the offsets in ``text`` at which headings begin, ``lists`` and ``code`` the spans of these.
    """

    def __init__(self) -> None:
        self.sections: list[int] = []
        self.lists: list[Span] = []
        self.code: list[Span] = []
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
            if verbatim and not _is_prose(block):
                self.code.append(Span(start=self._next, end=self._next + len(block)))
            self._blocks.append(block)
            self._next += len(block) + len("\n\n")


def _is_prose(block: str) -> bool:
    """True if what is preformatted is no code, such as a letter: its lines consist of words, and many of them."""
    words = block.split()
    plain = sum(word.strip("\"'(),.:;!?’“”").isalpha() for word in words)
    return len(words) >= _MIN_WORDS_OF_LINE * (block.count("\n") + 1) and plain >= _MIN_PLAIN * len(words)
