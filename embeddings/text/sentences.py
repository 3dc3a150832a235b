"""Text → sentences, as spans.

sentencex (Wikimedia's rules for some 240 languages) finds the ends of sentences. Around it stand the few things that it
does not know: which line breaks mean something, and four splits that it gets wrong throughout.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from embeddings.checkpoint import checkpoint
from embeddings.text.article import Span, paragraph_spans, trimmed

_LIST_ITEM = re.compile(r"\A\s*+(?:[-*•·–—▪◦]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_NARROWEST, _WIDEST = 40, 120  # columns: nobody wraps text narrower or wider than this

_ENUMERATOR = re.compile(r"\(?\d{1,3}[.)]")  # "1." is the start of its item, not a sentence
_TIME = re.compile(r"\b[ap]\.m\.\s*$")  # "10 a.m. EDT"
_TIME_ZONE = re.compile(r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T)\b")
_ASIDE_END = re.compile(r"\b[a-z]{4,}[.!?][)\]]\s+(?=[A-Z])")  # "(Nobody came.) Then"; but not "(D-Mass.) Then"

# Characters that sentencex reads at a time. Its time grows with their square where quotation marks do not close, and
# where no space ends a word: there it reads fewer, which is still more than a sentence has.
_REACH, _SHORT_REACH = 20_000, 1_000
_QUOTATION = re.compile("[\u2018\u201a\u201b\u201c\u201e\u201f\u2039«»\u300a\u300c`'\"]")


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """The sentences of a text, in order, trimmed of white space, none across a blank line.

    A run of text with no end of sentence in it (a headline, a list item) is one sentence. Each paragraph is split by
    itself, so its sentences are the same whatever stands around it. ``language`` is an ISO 639-1 code, English when not
    known.
    """
    return list(each_sentence(text, language))


def each_sentence(text: str, language: str | None = None) -> Iterator[Span]:
    """The same, one after the other."""
    for paragraph in paragraph_spans(text):
        for block in _blocks(text, paragraph):
            yield from _sentences(text, block, language or "en")


def _blocks(text: str, paragraph: Span) -> Iterator[Span]:
    """A paragraph cut at the line breaks that mean something; those of hard-wrapped text do not.

    A wrapped line ends because the next word had no room. So a break means something when that word would have fitted
    into the paragraph's width, or when the next line is a list item or indented; but not when the sentence goes on in
    lower case.
    """
    lines = paragraph.cut(text).split("\n")
    width = max(_NARROWEST, *(len(line.rstrip()) for line in lines))
    is_list = sum(bool(_LIST_ITEM.match(line)) for line in lines) > 1
    start = end = paragraph.start
    for before, after in pairwise(lines):
        checkpoint()
        end += len(before) + 1
        word = after.split(maxsplit=1)[0]
        room = len(before) > _WIDEST or len(before.rstrip()) + 1 + len(word) <= width
        indented = _indent(after) > _indent(before)
        if (is_list and _LIST_ITEM.match(after)) or ((room or indented) and not word[0].islower()):
            yield Span(start=start, end=end)
            start = end
    yield Span(start=start, end=paragraph.end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _sentences(text: str, block: Span, language: str) -> Iterator[Span]:
    """The sentences of a block: sentencex's, less the ends that are none."""
    held: Span | None = None
    for start, end in pairwise([block.start, *_ends(text, block, language)]):
        piece = trimmed(text, start, end)
        if piece is None:
            continue
        if held and _goes_on(text, held, piece):
            held = Span(start=held.start, end=piece.end)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Whether what sentencex parted is one sentence. Of what is before, only the end is looked at: it may be long."""
    end = text[max(before.start, before.end - 8) : before.end]
    return (
        (before.end - before.start == len(end) and bool(_ENUMERATOR.fullmatch(end)))
        or not any(map(str.isalnum, after.cut(text)))
        or bool(_TIME.search(end) and _TIME_ZONE.match(text, after.start, after.end))
    )


def _ends(text: str, block: Span, language: str) -> Iterator[int]:
    """Offsets at which sentences end, the last one being the block's."""
    start = block.start
    while start < block.end:
        checkpoint()
        stop = min(start + _REACH, block.end)
        if _is_slow(text[start:stop]):
            stop = min(start + _SHORT_REACH, block.end)
        ends = [start + found["end_index"] for found in get_sentence_boundaries(language, text[start:stop])]
        if stop < block.end:
            ends.pop()  # the last one goes on beyond the reach, perhaps
        for first, end in pairwise([start, *ends]):
            yield from (aside.end() for aside in _ASIDE_END.finditer(text, first, end))
            yield end
        half = (start + stop) // 2
        # A sentence longer than half the reach is read on in its middle: never the same characters many times over.
        start = ends[-1] if ends and ends[-1] > half else text.rfind(" ", half, stop) + 1 or stop


def _is_slow(text: str) -> bool:
    """Whether sentencex would take long: the text is long, and full of quotation marks or nearly without spaces."""
    dense = len(text) // 20
    return len(text) > _SHORT_REACH and (len(_QUOTATION.findall(text)) > dense or len(text.split()) < dense // 5)
