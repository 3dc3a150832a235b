"""Code in an article: the lines of its blocks, and the sentences that introduce them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reading_order import ReadingOrder
from embeddings.text.article import Span

MAX_LINES = 12  # of a block
MAX_DISTANCE = 4  # sentences between one that tells what to do and the code that does it
_COMMAND = re.compile(r"(?:\$|>|>>>|PS[^>\n]{0,99}>) |[A-Z]:\\[^>\n]{0,99}>")  # begins with the prompt of a console


def code_block(sentence: CandidateSentence) -> Span | None:
    """Return the span of the block of code that a sentence is a line of."""
    return next((one for one in sentence.hit.excerpt.code if one.contains(sentence.span)), None)


def with_code(sentence: CandidateSentence, order: ReadingOrder, *, whole: bool) -> Iterator[CandidateSentence]:
    """Yield what belongs to a sentence: the code below a colon; of a line the colon above its block, and its command.

    Args:
        sentence: the sentence.
        order: the order of all sentences.
        whole: whether all of a block is wanted, from a line of it or from any sentence of the paragraph above it.
    """
    block = code_block(sentence)
    if block is None:
        below = [*islice(order.after(sentence), MAX_DISTANCE if whole else 1)]
        between = [*takewhile(lambda step: code_block(step[1]) is None, below)]
        lead_in = [one for _, one in between[-1:]]
        introduces = (lead_in or [sentence])[-1].text.endswith(":") or (whole and not between)
        if introduces and len(between) < len(below) and not any("\n\n" in gap for gap, _ in between):
            yield from [*lead_in, *islice(_lines_from(below[len(between)][1], order), MAX_LINES)]
        return
    above = [one for _, one in order.before(sentence)]
    before = [*takewhile(lambda one: block.contains(one.span), above)]
    yield from (one for one in above[len(before) : len(before) + 1] if one.text.endswith(":"))
    if not _COMMAND.match(sentence.text):
        yield from islice((one for one in before if _COMMAND.match(one.text)), 1)
    if whole:
        yield from islice(_lines_from([sentence, *before[: MAX_LINES - 1]][-1], order), MAX_LINES)


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
