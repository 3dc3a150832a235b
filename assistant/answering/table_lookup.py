"""Table lookup: the cell of a table in the row and the column that a question names.

The reader knows prose: of a row of numbers it takes any. Where the words of a question name exactly one row and one
column, the cell is known without it.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import NamedTuple

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reading_order import ReadingOrder
from embeddings.text.article import Span
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems

SEPARATOR = " | "  # between the cells of a row, as the sources write it


class TableCell(NamedTuple):
    """A cell at its span of the article, its row, and ``facts``: each cell of the row with its heading."""

    row: CandidateSentence
    span: Span
    facts: str

    @property
    def text(self) -> str:
        """The text of the cell."""
        return self.row.hit.excerpt.cut(self.span)


def find_cell(question: str, sentences: Sequence[CandidateSentence]) -> TableCell | None:
    """Return the cell that a question asks for; None unless its words name one row and one column of one table.

    A row is named by the most cells all of whose words are asked; a column by its heading, which shares the most words
    with the rest of the question.

    Args:
        question: the question.
        sentences: the candidates; a row of a table is one of them.
    """
    asked = set(stems(question)) - STOP_WORDS
    found = [cell for table in _tables(sentences) if (cell := _cell(asked, table))]
    return found[0] if len(found) == 1 else None


def _tables(sentences: Sequence[CandidateSentence]) -> Iterator[list[CandidateSentence]]:
    """Yield the rows of each table, the headings first: neighbours with equally many cells."""
    order = ReadingOrder(sentences)
    rows = [one for one in sentences if SEPARATOR in one.text]
    for first in rows:
        if not any(_is_row_like(first, before) for _, before in islice(order.before(first), 1)):
            yield [first, *takewhile(partial(_is_row_like, first), (after for _, after in order.after(first)))]


def _is_row_like(row: CandidateSentence, other: CandidateSentence) -> bool:
    return row.text.count(SEPARATOR) == other.text.count(SEPARATOR)


def _cell(asked: set[str], table: Sequence[CandidateSentence]) -> TableCell | None:
    headings, *rows = (one.text.split(SEPARATOR) for one in table)
    named = [[bool(words := set(stems(cell))) and words <= asked for cell in row] for row in rows]
    row = _only_best([sum(one) for one in named])
    if row is None:
        return None
    rest = asked.difference(*(stems(cell) for cell, is_named in zip(rows[row], named[row], strict=True) if is_named))
    shared = [
        0 if is_named else len(rest.intersection(stems(heading)))
        for heading, is_named in zip(headings, named[row], strict=True)
    ]
    column = _only_best(shared)
    if column is None or not rows[row][column].strip():
        return None
    sentence = table[row + 1]
    start = sentence.span.start + sum(len(cell) + len(SEPARATOR) for cell in rows[row][:column])
    facts = ", ".join(f"{cell} ({heading})" for heading, cell in zip(headings, rows[row], strict=True))
    return TableCell(sentence, Span(start=start, end=start + len(rows[row][column])), facts)


def _only_best(counts: Sequence[int]) -> int | None:
    """Return where the greatest count is; None if it is zero or stands in several places."""
    best = max(counts, default=0)
    return counts.index(best) if best and counts.count(best) == 1 else None
