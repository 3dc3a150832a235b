"""Chunking: article → passages of whole sentences that fit the encoder's window and cross no section."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from math import ceil
from sys import maxsize
from typing import NamedTuple

from embeddings.cancellation import checkpoint
from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span, trimmed
from embeddings.text.headings import heading_spans, section_starts
from embeddings.text.passage import MAX_PASSAGE_LENGTH
from embeddings.text.sentences import is_code, iter_sentences
from embeddings.text.tokenizer import Tokenizer

# Limits of one article: two and four times what 20 MB of prose have. 20 MB of punctuation and line breaks would make
# millions, which would exhaust the memory and take days to encode.
MAX_SENTENCES, MAX_PASSAGES = 500_000, 100_000

_CHARACTERS_PER_TOKEN = 6  # more than prose has: in so many characters the end of a passage is looked for first
_MAX_WORD = 100  # characters: WordPiece reads a longer word as one token, so one at the end of a slice is not trusted

_CLAUSE_END = re.compile(r"[,;:–—)\]”]\s")
_SPACE = re.compile(r"\s")
_ZERO_WIDTH_JOINER = "\u200d"  # joins several emoji into one
_EMOJI_PART = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin tones, and the tags of regional flags
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


class Chunks(NamedTuple):
    """The passages of an article, the sentences inside each, and how many sentences were too long for one passage."""

    spans: list[Span]
    sentences: list[list[Span]]
    split_sentences: int


class _Unit(NamedTuple):
    """A sentence, or a part of one that is longer than a passage, with its number of tokens."""

    span: Span
    tokens: int


def heading(article: Article, tokenizer: Tokenizer) -> str:
    """Return the article's date and title on one line.

    It is encoded before the text of each passage and never quoted. It takes at most a quarter of the encoder's window.
    """
    line = " ".join([*([article.published.isoformat()] if article.published else []), *article.title.split()])
    tokens = tokenizer.tokens(line)
    limit = tokenizer.window // 4
    return line if len(tokens) <= limit else line[: tokens[limit][0]].rstrip()


def chunk(article: Article, tokenizer: Tokenizer, *, overlap: int = 1) -> Chunks:
    """Split an article into passages that fit the encoder's window together with the heading and a line break.

    Every visible character is in a passage, and no passage lies inside another. A passage has at most
    ``MAX_PASSAGE_LENGTH`` characters, however few tokens they are. Headings are in passages, and not among the
    sentences that may be cited. Lines of code that no blank line separates are in one passage where they fit, with the
    sentence above them if it ends with a colon.

    Args:
        article: The article.
        tokenizer: The encoder that will read the passages.
        overlap: The number of sentences, or of such pieces of code, that neighbouring passages share where they fit.

    Raises:
        InvalidInput: There are more than ``MAX_SENTENCES`` or ``MAX_PASSAGES``.
    """
    text = article.text
    budget = tokenizer.window - len(tokenizer.tokens(heading(article, tokenizer) + "\n"))
    spans: list[Span] = []
    sentences: list[list[Span]] = []
    split_sentences = 0
    headings = heading_spans(text, article.sections)
    starts = section_starts(text, headings)
    for section in section_sentences(text, starts, article.language, article.code, limit=MAX_SENTENCES):
        units: list[_Unit] = []
        for span in section:
            parts = list(_split_sentence(text, span, tokenizer, budget))
            split_sentences += len(parts) > 1
            units.extend(parts)
        passages = list(_pack(_with_whole_code(article, units, budget), budget, overlap))
        spans.extend(passages)
        if len(spans) > MAX_PASSAGES:
            raise _too_many("passages", MAX_PASSAGES)
        body = outside_headings(section, headings)
        sentences.extend(citable_sentences(body, span, headings) for span in passages)
    return Chunks(spans, sentences, split_sentences)


def section_sentences(
    text: str,
    sections: Sequence[int],
    language: str | None,
    code: Sequence[Span] = (),
    *,
    limit: int = maxsize // 2,
) -> Iterator[list[Span]]:
    """Yield the sentences of each section of a text.

    Raises:
        InvalidInput: There are more than ``limit`` sentences.
    """
    bounds = sorted({0, *(offset for offset in sections if 0 < offset < len(text)), len(text)})
    for start, end in pairwise(bounds):
        inside = [_moved(block, -start) for block in sentences_within(code, Span(start=start, end=end))]
        found = iter_sentences(text[start:end], language, inside)
        section = [_moved(sentence, start) for sentence in islice(found, limit + 1)]
        limit -= len(section)
        if limit < 0:
            raise _too_many("sentences", MAX_SENTENCES)
        yield section


def _moved(span: Span, offset: int) -> Span:
    return Span(start=span.start + offset, end=span.end + offset)


def _too_many(what: str, limit: int) -> InvalidInput:
    return InvalidInput(
        f"The article has too many {what}.",
        expected=f"at most {limit:,}",
        got="more than those",
        hint="Split it into its articles.",
    )


def sentences_within(sentences: Sequence[Span], span: Span) -> list[Span]:
    """Return those of the sentences, given in order, that lie wholly inside the span."""
    first = bisect_left(sentences, span.start, key=lambda sentence: sentence.start)
    last = bisect_right(sentences, span.end, key=lambda sentence: sentence.end)
    return list(sentences[first:last])


def outside_headings(sentences: Sequence[Span], headings: Sequence[Span]) -> list[Span]:
    """Return the sentences, given in order, that are not in a heading."""
    starts = [heading.start for heading in headings]
    found = []
    for sentence in sentences:
        before = bisect_right(starts, sentence.start) - 1
        if before < 0 or sentence.start >= headings[before].end:
            found.append(sentence)
    return found


def citable_sentences(sentences: Sequence[Span], passage: Span, headings: Sequence[Span]) -> list[Span]:
    """Return the sentences inside a passage; of a part of a sentence that is longer than a passage, that part."""
    return sentences_within(sentences, passage) or outside_headings([passage], headings)


def _with_whole_code(article: Article, units: list[_Unit], budget: int) -> list[_Unit]:
    """Return the units with code that fits a passage as one: lines without a blank line between, and a colon above."""
    if not article.code:
        return units
    joined = [*units[:1]]
    for before, unit in pairwise(units):
        both = _Unit(Span(start=joined[-1].span.start, end=unit.span.end), joined[-1].tokens + unit.tokens)
        is_led_in = article.text[before.span.end - 1] == ":" and is_code(unit.span, article.code)
        lines = Span(start=before.span.start, end=unit.span.end)
        goes_on = is_code(lines, article.code) and article.text.count("\n", before.span.end, unit.span.start) < 2
        if (is_led_in or goes_on) and both.tokens <= budget and both.span.end - both.span.start <= MAX_PASSAGE_LENGTH:
            joined[-1] = both
        else:
            joined.append(unit)
    return joined


def _pack(units: list[_Unit], budget: int, overlap: int) -> Iterator[Span]:
    """Yield passages of about equal length: each takes an equal share of the remaining tokens.

    Args:
        units: The sentences, in order.
        budget: The most tokens of a passage.
        overlap: The number of sentences that neighbouring passages share where they fit.
    """
    total = [0, *accumulate(unit.tokens for unit in units)]

    def fits(first: int, end: int) -> bool:
        length = units[end - 1].span.end - units[first].span.start
        return total[end] - total[first] <= budget and length <= MAX_PASSAGE_LENGTH

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


def _split_sentence(text: str, sentence: Span, tokenizer: Tokenizer, budget: int) -> Iterator[_Unit]:
    """Yield a sentence, in parts as long as fit if it is longer than a passage may be."""
    start = sentence.start
    while start < sentence.end:
        checkpoint()
        limit = min(start + MAX_PASSAGE_LENGTH, sentence.end)
        cut = _split_point(text, start, limit) if limit < sentence.end else limit
        near = _CHARACTERS_PER_TOKEN * budget
        if cut - start > near:  # tokenize what may fit, instead of a long text for each of its parts
            tokens = tokenizer.tokens(text[start : start + near])
            if len(tokens) > budget and tokens[budget][0] < near - _MAX_WORD:
                cut = _split_point(text, start, start + tokens[budget][0])
        # A part that ends inside a word can have more tokens than the same characters had before, hence the loop.
        while len(tokens := tokenizer.tokens(text[start:cut])) > budget and cut > start + 1:
            cut = _split_point(text, start, start + tokens[budget][0])
        if span := trimmed(text, start, cut):
            yield _Unit(span, len(tokens))
        start = cut


def _split_point(text: str, start: int, limit: int) -> int:
    """Return the best offset after ``start``, up to ``limit``, at which to split a sentence.

    That is the end of a clause in the second half, else white space, else the limit, moved back so that it does not
    split a character that consists of several code points.
    """
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, (start + limit) // 2, limit)]
    spaces = clauses or [match.end() for match in _SPACE.finditer(text, start + 1, limit)]
    if spaces:
        return spaces[-1]
    cut = limit
    while cut > start and _is_one_character(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > start else max(limit, start + 1)


def _is_one_character(before: str, after: str) -> bool:
    """Return True if two code points belong to one character: a letter and its accent, or parts of an emoji or flag."""
    return (
        unicodedata.category(after).startswith("M")
        or _ZERO_WIDTH_JOINER in (before, after)
        or bool(_EMOJI_PART.match(after))
        or bool(_FLAG_LETTER.match(before) and _FLAG_LETTER.match(after))
    )
