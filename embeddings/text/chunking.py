"""Article → passages: whole sentences, packed to what the encoder reads, never across a section."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from math import ceil
from sys import maxsize
from typing import NamedTuple

from embeddings.checkpoint import checkpoint
from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span, trimmed
from embeddings.text.passage import LONGEST
from embeddings.text.sentences import each_sentence
from embeddings.text.tokenizer import Tokenizer

# Of one article: twice and four times what 20 MB of prose have. Of marks and line breaks, 20 MB make millions, which
# would take all memory and days to encode.
MOST_SENTENCES, MOST_PASSAGES = 500_000, 100_000

_NEAR = 6  # characters a token, more than prose has: within so many, a passage's tokens are looked for first
_LONGEST_WORD = 100  # characters: WordPiece reads a longer one as one token, so one that is cut there as well

_CLAUSE_END = re.compile(r"[,;:–—)\]”]\s")
_SPACE = re.compile(r"\s")
_JOINER = "\u200d"  # makes one emoji of several
_EMOJI_PART = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin tones, and the tags of regional flags
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


class Chunks(NamedTuple):
    """The passages of an article, the sentences inside each, and how many were too long for one and had to be split."""

    spans: list[Span]
    sentences: list[list[Span]]
    split_sentences: int


class _Unit(NamedTuple):
    """A sentence, or a piece of one that is longer than a passage; ``cost`` is its length in tokens."""

    span: Span
    cost: int


def heading(article: Article, tokenizer: Tokenizer) -> str:
    """Date and title on one line: what stands before each passage when it is encoded, and is never quoted.

    It takes a quarter of the encoder's window at most; a longer title is cut there.
    """
    line = " ".join([*([article.published.isoformat()] if article.published else []), *article.title.split()])
    tokens = tokenizer.tokens(line)
    quarter = tokenizer.window // 4
    return line if len(tokens) <= quarter else line[: tokens[quarter][0]].rstrip()


def chunk(article: Article, tokenizer: Tokenizer, *, overlap: int = 1) -> Chunks:
    """Cut an article into passages that the encoder reads whole, each with the heading and a line break before it.

    A passage is never longer than ``LONGEST`` characters, however few tokens that are.

    Neighbours share ``overlap`` sentences where they fit. No visible character is left out, and no passage lies inside
    another.

    Raises:
        InvalidInput: there are more than ``MOST_SENTENCES`` or ``MOST_PASSAGES``.
    """
    text = article.text
    budget = tokenizer.window - len(tokenizer.tokens(heading(article, tokenizer) + "\n"))
    spans: list[Span] = []
    whole: list[list[Span]] = []
    split_sentences = 0
    for section in sentences(text, article.sections, article.language, most=MOST_SENTENCES):
        units: list[_Unit] = []
        for span in section:
            pieces = list(_pieces(text, span, tokenizer, budget))
            split_sentences += len(pieces) > 1
            units.extend(pieces)
        packed = list(_pack(units, budget, overlap))
        spans.extend(packed)
        if len(spans) > MOST_PASSAGES:
            raise _too_many("passages", MOST_PASSAGES)
        whole.extend(inside(section, span) for span in packed)
    return Chunks(spans, whole, split_sentences)


def sentences(
    text: str, sections: Sequence[int], language: str | None, *, most: int = maxsize // 2
) -> Iterator[list[Span]]:
    """The sentences of a text, section by section.

    Raises:
        InvalidInput: there are more than ``most``.
    """
    bounds = sorted({0, *(offset for offset in sections if 0 < offset < len(text)), len(text)})
    for start, end in pairwise(bounds):
        section = [
            Span(start=start + sentence.start, end=start + sentence.end)
            for sentence in islice(each_sentence(text[start:end], language), most + 1)
        ]
        most -= len(section)
        if most < 0:
            raise _too_many("sentences", MOST_SENTENCES)
        yield section


def _too_many(what: str, most: int) -> InvalidInput:
    return InvalidInput(
        f"The article has too many {what}.",
        expected=f"at most {most:,}",
        got="more than those",
        hint="Split it into its articles.",
    )


def inside(sentences: Sequence[Span], span: Span) -> list[Span]:
    """Those of the sentences, which are in order, that lie wholly inside the span."""
    first = bisect_left(sentences, span.start, key=lambda sentence: sentence.start)
    last = bisect_right(sentences, span.end, key=lambda sentence: sentence.end)
    return list(sentences[first:last])


def _pack(units: list[_Unit], budget: int, overlap: int) -> Iterator[Span]:
    """Fill passages evenly: each takes its share of what is left, so the last one is no scrap."""
    total = [0, *accumulate(unit.cost for unit in units)]

    def fits(first: int, end: int) -> bool:
        length = units[end - 1].span.end - units[first].span.start
        return total[end] - total[first] <= budget and length <= LONGEST

    first = done = 0
    while done < len(units):
        first = max(first + 1, done - overlap) if done else 0
        while not fits(first, done + 1):
            first += 1
        passages = ceil((total[-1] - total[done]) / (budget - total[done] + total[first])) or 1
        share = (total[-1] - total[done]) / passages
        end = done + 1
        while end < len(units) and fits(first, end + 1) and (total[end] + total[end + 1]) / 2 - total[done] <= share:
            end += 1
        yield Span(start=units[first].span.start, end=units[end - 1].span.end)
        done = end


def _pieces(text: str, sentence: Span, tokenizer: Tokenizer, budget: int) -> Iterator[_Unit]:
    """A sentence; one that is longer than a passage may be in pieces, each as long as fits."""
    start = sentence.start
    while start < sentence.end:
        checkpoint()
        reach = min(start + LONGEST, sentence.end)
        cut = _cut(text, start, reach) if reach < sentence.end else reach
        if cut - start > (near := _NEAR * budget):  # rather than all tokens of what is to be cut many times
            tokens = tokenizer.tokens(text[start : start + near])
            if len(tokens) > budget and tokens[budget][0] < near - _LONGEST_WORD:
                cut = _cut(text, start, start + tokens[budget][0])
        # More than once: a piece can have more tokens by itself than it had before, when the cut goes through a word.
        while len(tokens := tokenizer.tokens(text[start:cut])) > budget and cut > start + 1:
            cut = _cut(text, start, start + tokens[budget][0])
        if span := trimmed(text, start, cut):
            yield _Unit(span, len(tokens))
        start = cut


def _cut(text: str, start: int, limit: int) -> int:
    """The best place after ``start`` and up to ``limit`` to cut a sentence.

    After a clause when one ends in the second half, else at white space; in text without any, at the limit, moved
    out of a character that is made of several code points.
    """
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, (start + limit) // 2, limit)]
    spaces = clauses or [match.end() for match in _SPACE.finditer(text, start + 1, limit)]
    if spaces:
        return spaces[-1]
    cut = limit
    while cut > start and _joined(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > start else max(limit, start + 1)


def _joined(before: str, after: str) -> bool:
    """Whether two code points belong to one character: a letter and its accent, the parts of an emoji or a flag."""
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or bool(_EMOJI_PART.match(after))
        or bool(_FLAG_LETTER.match(before) and _FLAG_LETTER.match(after))
    )
