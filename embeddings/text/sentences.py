"""Sentence segmentation: text → spans of sentences.

sentencex (Wikimedia's rules for some 240 languages) finds the ends of sentences. This module adds what it lacks: which
line breaks end a sentence, and corrections for four kinds of split that it consistently gets wrong. Code has no
sentences: there a line is one.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sentencex import get_sentence_boundaries

from embeddings.cancellation import checkpoint
from embeddings.text.article import Span, paragraph_spans, trimmed

_LIST_ITEM = re.compile(r"\A\s*+(?:[-*•·–—▪◦]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_MIN_WRAP, _MAX_WRAP = 40, 120  # columns: hard-wrapped text is never narrower or wider

_ENUMERATOR = re.compile(r"\(?\d{1,3}[.)]")  # "1." begins a list item and is not a sentence
_TIME = re.compile(r"\b[ap]\.m\.\s*$")  # "10 a.m. EDT"
_TIME_ZONE = re.compile(r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T)\b")
# Names of firms, bands, plays and programmes that end with a mark; "Yahoo! Japan" is no end of a sentence.
_MARKED_NAME = re.compile(
    r"(?:\b(?:Yahoo|Wham|Jeopardy|Oklahoma|Panic|Mamma Mia|Airplane|Oliver|Hello, Dolly|Joomla|Yum|Chips Ahoy|Kahoot"
    r"|Moulin Rouge|Against Me|Godspeed You|Westward Ho|Mother|Shazam)!|\b(?:Therapy|Guess)\?)\Z"
)
_MARKS = frozenset(
    "!?\u2026)]"
)  # after which a small letter goes on with the sentence: "Oh! said he", "et al. [2004] found"
_COMMENT = r"(?:#+|//+!?)(?=\s)[^\n]*"
_NO_WORD = r"[^\w\n]*"  # such as a bracket that closes
# Comments above a line belong to it, as do those far on the right below it, and what follows a backslash.
_CODE_LINE = re.compile(
    rf"(?:(?:[ \t]*{_COMMENT}|{_NO_WORD})\n){{0,8}}(?:[^\n]*\\\n)*[^\n]*"
    rf"(?:\n(?:[ \t]{{20,}}{_COMMENT}|{_NO_WORD})(?![^\n]))*"
)
_ASIDE_END = re.compile(r"\b[a-z]{4,}[.!?][)\]]\s+(?=[A-Z])")  # "(Nobody came.) Then"; but not "(D-Mass.) Then"

# The number of characters that sentencex is given at a time. It takes quadratic time where quotation marks are not
# closed and where words are not separated by spaces; there it is given fewer, still more than a sentence has.
_CHUNK, _SMALL_CHUNK = 20_000, 1_000
_QUOTATION = re.compile("[\u2018\u201a\u201b\u201c\u201e\u201f\u2039«»\u300a\u300c`'\"]")


def sentence_spans(text: str, language: str | None = None, code: Sequence[Span] = ()) -> list[Span]:
    """Return the sentences of a text in order, without surrounding white space.

    No sentence crosses a blank line. Text without an end of sentence, such as a headline or a list item, is one
    sentence. Each paragraph is segmented on its own, so its sentences do not depend on the text around it.

    Args:
        text: The text.
        language: An ISO 639-1 code; English by default.
        code: The spans of its blocks of code, in order, in which each line is a sentence.
    """
    return list(iter_sentences(text, language, code))


def iter_sentences(text: str, language: str | None = None, code: Sequence[Span] = ()) -> Iterator[Span]:
    """Yield the sentences that :func:`sentence_spans` returns."""
    for paragraph in paragraph_spans(text):
        if is_code(paragraph, code):
            yield from _code_lines(text, paragraph)
            continue
        for block in _blocks(text, paragraph):
            yield from _block_sentences(text, block, language or "en")


def _blocks(text: str, paragraph: Span) -> Iterator[Span]:
    """Split a paragraph at the line breaks that end a sentence, and not at those of hard-wrapped text.

    A hard-wrapped line ends because the next word did not fit. So a line break ends a sentence if that word would have
    fitted into the paragraph's width, or if the next line is indented or a list item. It does not if the next line
    begins in lower case, unless that is a list item.
    """
    lines = paragraph.cut(text).split("\n")
    width = max(_MIN_WRAP, *(len(line.rstrip()) for line in lines))
    is_list = sum(bool(_LIST_ITEM.match(line)) for line in lines) > 1
    start = end = paragraph.start
    for before, after in pairwise(lines):
        checkpoint()
        end += len(before) + 1
        word = after.split(maxsplit=1)[0]
        not_wrapped = len(before) > _MAX_WRAP or len(before.rstrip()) + 1 + len(word) <= width
        indented = _indent(after) > _indent(before)
        if (is_list and _LIST_ITEM.match(after)) or ((not_wrapped or indented) and not word[0].islower()):
            yield Span(start=start, end=end)
            start = end
    yield Span(start=start, end=paragraph.end)


def is_code(span: Span, code: Sequence[Span]) -> bool:
    """Return True if a span lies inside one of the blocks of code, given in order."""
    before = bisect_right(code, span.start, key=lambda block: block.start)
    return before > 0 and code[before - 1].contains(span)


def _code_lines(text: str, paragraph: Span) -> Iterator[Span]:
    for line in _CODE_LINE.finditer(text, paragraph.start, paragraph.end):
        checkpoint()
        if span := trimmed(text, *line.span()):
            yield span


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block_sentences(text: str, block: Span, language: str) -> Iterator[Span]:
    """Yield the sentences of a block, with those that sentencex wrongly split joined again."""
    sentence: Span | None = None
    for start, end in pairwise([block.start, *_sentence_ends(text, block, language)]):
        part = trimmed(text, start, end)
        if part is None:
            continue
        if sentence and _is_wrong_split(text, sentence, part):
            sentence = Span(start=sentence.start, end=part.end)
            continue
        if sentence:
            yield sentence
        sentence = part
    if sentence:
        yield sentence


def _is_wrong_split(text: str, before: Span, after: Span) -> bool:
    """Return True if two adjacent spans are one sentence. Only the end of the first, which may be long, is read."""
    end = text[max(before.start, before.end - 20) : before.end]
    return (
        (text[after.start].islower() and end[-1] in _MARKS)
        or bool(_MARKED_NAME.search(end))
        or (before.end - before.start == len(end) and bool(_ENUMERATOR.fullmatch(end)))
        or not any(map(str.isalnum, after.cut(text)))
        or bool(_TIME.search(end) and _TIME_ZONE.match(text, after.start, after.end))
    )


def _sentence_ends(text: str, block: Span, language: str) -> Iterator[int]:
    """Yield the offsets at which sentences end, up to the end of the block."""
    start = block.start
    while start < block.end:
        checkpoint()
        stop = min(start + _CHUNK, block.end)
        if _is_slow(text[start:stop]):
            stop = min(start + _SMALL_CHUNK, block.end)
        ends = [start + boundary["end_index"] for boundary in get_sentence_boundaries(language, text[start:stop])]
        if stop < block.end:
            ends.pop()  # the last sentence may continue in the next chunk
        for first, end in pairwise([start, *ends]):
            yield from (aside.end() for aside in _ASIDE_END.finditer(text, first, end))
            yield end
        half = (start + stop) // 2
        # After a sentence longer than half the chunk, the next chunk begins inside it, so that no characters are read
        # again and again.
        start = ends[-1] if ends and ends[-1] > half else text.rfind(" ", half, stop) + 1 or stop


def _is_slow(text: str) -> bool:
    """Return True if sentencex would be slow: the text is long, and has many quotation marks or hardly any spaces."""
    dense = len(text) // 20
    return len(text) > _SMALL_CHUNK and (len(_QUOTATION.findall(text)) > dense or len(text.split()) < dense // 5)
