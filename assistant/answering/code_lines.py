"""Code in an article: the lines of its blocks, and the sentences that introduce them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reading_order import ReadingOrder
from embeddings.text.article import Span

MAX_LINES = 12  # of a block
MAX_DISTANCE = 4  # sentences between one that tells what to do and the code that does it


def code_block(sentence: CandidateSentence) -> Span | None:
    """Return the span of the block of code that a sentence is a line of."""
    return next((one for one in sentence.hit.excerpt.code if one.contains(sentence.span)), None)


def prose(sentences: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """Return the sentences that are no lines of code; all of them if there is nothing else."""
    return [one for one in sentences if code_block(one) is None] or list(sentences)


def with_code(sentence: CandidateSentence, order: ReadingOrder, *, whole: bool) -> list[CandidateSentence]:
    """Return what belongs to a sentence: the code that it introduces, or of a line of code the sentence that does.

    A sentence introduces the code right below it if it ends with a colon.

    Args:
        sentence: the sentence.
        order: the order of all sentences.
        whole: whether code is wanted: then any sentence of the paragraph above a block brings it.
    """
    if block := code_block(sentence):
        above = (one for _, one in order.before(sentence) if not block.contains(one.span))
        return [one for one in islice(above, 1) if one.text.endswith(":")]
    paragraph: list[CandidateSentence] = []  # what follows the sentence, up to the code
    for gap, one in islice(order.after(sentence), MAX_DISTANCE if whole else 1):
        if code_block(one):
            lead_in = [sentence, *paragraph][-1]
            introduces = lead_in.text.endswith(":") or (whole and lead_in is sentence)
            return [*paragraph[-1:], *islice(_lines_from(one, order), MAX_LINES)] if introduces else []
        if "\n\n" in gap:
            return []
        paragraph.append(one)
    return []


def _lines_from(line: CandidateSentence, order: ReadingOrder) -> Iterator[CandidateSentence]:
    """Yield a line of code and those after it in its block."""
    block = code_block(line)
    yield line
    yield from takewhile(lambda one: code_block(one) == block, (one for _, one in order.after(line)))


def joined_lines(sentences: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """Return sentences, given in reading order, with lines of code that follow each other as one."""
    found: list[CandidateSentence] = []
    for one in sentences:
        whole = _joined(found[-1], one) if found else None
        if whole:
            found[-1] = whole
        else:
            found.append(one)
    return found


def _joined(before: CandidateSentence, after: CandidateSentence) -> CandidateSentence | None:
    """Return two lines as one, with their indentation, if the second follows the first and a passage has both."""
    if before.article.id != after.article.id or (block := code_block(before)) is None or block != code_block(after):
        return None
    span = Span(start=before.span.start, end=after.span.end)
    hit = next((one.hit for one in (before, after) if one.hit.passage.span.contains(span)), None)
    if hit is None or hit.excerpt.cut(Span(start=before.span.end, end=after.span.start)).strip():
        return None
    above = hit.excerpt.cut(Span(start=hit.passage.span.start, end=span.start))
    indent = len(above) - len(above.rstrip(" \t"))
    return replace(before, hit=hit, span=Span(start=span.start - indent, end=span.end))
