"""Passages contain the whole text, fit the encoder's window and respect sentences and sections."""

import re
import time
import unicodedata
from datetime import date
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.cancellation import Cancelled, cancel_when
from embeddings.encoder import Encoder, load_encoder
from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span
from embeddings.text.chunking import chunk, heading
from embeddings.text.passage import MAX_PASSAGE_LENGTH
from embeddings.text.sentences import sentence_spans
from tests.hashed_words import HashedWords

FRAGMENTS = [
    *[
        "Kerry last spoke to Lavrov on Saturday. ",
        "“No,” he said. ",
        "word ",
        "unbroken",
        ", ",
        "a.b",
        "\n",
        "\n\n",
        " ",
    ],
    *["é", "e\u0301", "👩‍👩‍👧", "👍🏽", "🇺🇸🇫🇷", "中文", "。", "\u200b", "\x00", "\x85", "[SEP]", "ﷺ", "x" * 99],
]
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=120).map(lambda parts: "".join(parts) + ".")
titles = st.one_of(st.just("Talks"), st.text(min_size=1, max_size=300).filter(str.strip))
NEWS = "\n\n".join(f"The US said on day {n} that talks with Russia had ended. Kerry called Lavrov." for n in range(60))


class Narrow:
    """The default encoder's own tokenizer, with another window."""

    encoder = load_encoder()

    def __init__(self, window: int) -> None:
        self.window = window

    def tokens(self, text: str) -> list[tuple[int, int]]:
        return self.encoder.tokens(text)


def read(article: Article, span: Span, tokenizer: Narrow | Encoder) -> int:
    """Return the number of tokens of a passage as it is encoded."""
    return len(tokenizer.tokens(f"{heading(article, tokenizer)}\n{span.cut(article.text)}"))


def test_the_heading_is_the_date_and_the_title_on_one_line() -> None:
    tokenizer = Narrow(254)
    article = Article.create("Text.", title="US ends\n  talks", published=date(2016, 10, 4))
    assert heading(article, tokenizer) == "2016-10-04 US ends talks"
    assert heading(Article.create("Text.", title="US ends talks"), tokenizer) == "US ends talks"


@pytest.mark.parametrize("title", ["talks " * 500, "会谈" * 500, "x" * 5000], ids=["words", "no spaces", "one word"])
def test_a_long_title_leaves_three_quarters_of_the_window_to_the_text(title: str) -> None:
    tokenizer = Narrow(254)
    article = Article.create(NEWS, title=title, published=date(2016, 10, 4))
    assert len(tokenizer.tokens(heading(article, tokenizer))) <= 254 // 4


def test_neighbours_share_one_sentence_and_passages_are_slices_of_whole_sentences() -> None:
    article = Article.create(NEWS, title="Talks")
    sentences = sentence_spans(NEWS)
    spans = chunk(article, Narrow(254)).spans
    assert len(spans) > 3
    assert {span.start for span in spans} <= {sentence.start for sentence in sentences}
    assert {span.end for span in spans} <= {sentence.end for sentence in sentences}
    for before, after in pairwise(spans):
        assert [s for s in sentences if before.contains(s) and after.contains(s)] == [
            s for s in sentences if s.end == before.end
        ]


def test_without_overlap_neighbours_share_nothing() -> None:
    spans = chunk(Article.create(NEWS, title="Talks"), Narrow(254), overlap=0).spans
    assert all(before.end < after.start for before, after in pairwise(spans))


def test_passages_have_similar_lengths_and_the_last_is_not_short() -> None:
    article = Article.create(NEWS, title="Talks")
    for window in (64, 100, 128, 200, 254):
        sizes = [read(article, span, Narrow(window)) for span in chunk(article, Narrow(window)).spans]
        assert min(sizes) > 0.6 * max(sizes)


def test_a_short_article_is_one_passage() -> None:
    article = Article.create("  Kerry called Lavrov. They spoke.\n", title="Talks")
    assert [span.cut(article.text) for span in chunk(article, Narrow(254)).spans] == [
        "Kerry called Lavrov. They spoke."
    ]


def test_no_passage_crosses_a_section() -> None:
    sections = tuple(match.start() for match in re.finditer("The US said on day (7|9|50)", NEWS))
    article = Article.create(NEWS, title="Talks", sections=(0, *sections, len(NEWS), 10**9))
    spans = chunk(article, Narrow(254)).spans
    assert not [span for span in spans for section in sections if span.start < section < span.end]
    assert {*sections} <= {span.start for span in spans}


def test_code_stays_with_the_line_that_introduces_it_where_it_fits() -> None:
    code = "\n".join(f"option_{n}: {n}" for n in range(8))
    text = "\n\n".join([NEWS[:700], "Use:", code, NEWS[:700], "Or:", code, NEWS[:700]])
    starts = [match.start() for match in re.finditer(code, text)]
    blocks = tuple(Span(start=start, end=start + len(code)) for start in starts)
    spans, sentences, _ = chunk(Article.create(text, title="Talks", code=blocks), Narrow(128))
    assert not [span for span in spans if span.cut(text).endswith(":")]
    for block in blocks:
        led_in = [span for span in spans if span.contains(Span(start=block.start - 5, end=block.end))]
        assert led_in
        lines = [one.cut(text) for one in sentences[spans.index(led_in[0])] if block.contains(one)]
        assert lines == code.splitlines()


def test_code_longer_than_the_window_is_split_between_lines() -> None:
    code = "\n".join(f"option_{n}: {n}" for n in range(200))
    article = Article.create(code, title="Options", code=(Span(start=0, end=len(code)),))
    spans, sentences, split = chunk(article, Narrow(128))
    assert split == 0
    assert [one.cut(code) for one in dict.fromkeys(chain(*sentences))] == code.splitlines()
    assert max(read(article, span, Narrow(128)) for span in spans) <= 128


def test_a_sentence_longer_than_the_window_is_split_after_clauses_and_counted() -> None:
    clause = "the talks with Russia on ending the violence in Syria had been broken off"
    article = Article.create("Kerry said that " + ", ".join([clause] * 40) + ". Lavrov did not.", title="Talks")
    spans, _, split = chunk(article, Narrow(254))
    assert split == 1
    assert all(span.cut(article.text).endswith(("off,", ".")) for span in spans)


def test_text_without_white_space_is_not_split_inside_a_character() -> None:
    character = "中\u0301👩🏽\u200d👩\u200d👧🇺🇸"
    article = Article.create(character * 400, title="Talks")
    spans, _, split = chunk(article, Narrow(64))
    assert split == 1
    assert len(spans) > 1
    for span in spans:
        first = article.text[span.start]
        assert not unicodedata.category(first).startswith("M")
        assert first not in "\u200d🏽🇸"
        assert article.text[span.start - 1 : span.start] != "\u200d"


@given(texts, titles, st.sampled_from([32, 64, 254]), st.integers(0, 3), st.lists(st.integers(0, 400), max_size=4))
def test_passages_fit_and_hold_every_visible_character(
    text: str, title: str, window: int, overlap: int, sections: list[int]
) -> None:
    tokenizer = Narrow(window)
    article = Article.create(text, title=title, published=date(2016, 10, 4), sections=tuple(sections))
    spans = chunk(article, tokenizer, overlap=overlap).spans
    assert all(read(article, span, tokenizer) <= window for span in spans)
    inside = {offset for span in spans for offset in range(span.start, span.end)}
    assert not [c for offset, c in enumerate(article.text) if offset not in inside and not c.isspace()]
    for before, after in pairwise(spans):
        assert before.start < after.start
        assert before.end < after.end


@pytest.mark.parametrize(
    "text",
    [NEWS * 40, "no white space," * 10_000, "a, " * 50_000, "中文" * 50_000, "x" * 150_000],
    ids=["news", "one word", "clauses", "no spaces", "one letter"],
)
def test_chunking_takes_linear_time(text: str) -> None:
    def seconds(text: str) -> float:
        article = Article.create(text, title="Talks")
        start = time.thread_time()
        chunk(article, Narrow(254))
        return time.thread_time() - start

    assert any(seconds(text) < 12 * seconds(text[: len(text) // 4]) + 0.2 for _ in range(2))  # 16 is quadratic


def test_chunking_can_be_cancelled(encoder: Encoder) -> None:
    asked = 0

    def left() -> bool:
        nonlocal asked
        asked += 1
        return asked == 5

    with cancel_when(left), pytest.raises(Cancelled):
        chunk(Article.create("A sentence. " * 1_000), encoder)
    assert asked == 5


@pytest.mark.parametrize(("name", "text"), [("SENTENCES", "One.\n\n" * 6), ("PASSAGES", "word " * 24 * 6)])
def test_an_article_with_too_many_sentences_or_passages_is_refused(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setattr(f"embeddings.text.chunking.MAX_{name}", 5)
    with pytest.raises(InvalidInput, match=rf"too many {name.lower()}\..*at most 5"):
        chunk(Article.create(text), encoder)


def test_an_endless_sentence_is_tokenized_in_parts() -> None:
    class Noting(HashedWords):
        longest = 0

        def tokens(self, text: str) -> list[tuple[int, int]]:
            self.longest = max(self.longest, len(text))
            return super().tokens(text)

    encoder = Noting()
    assert len(chunk(Article.create("“" * 2 * MAX_PASSAGE_LENGTH), encoder).spans) > 100
    assert encoder.longest <= MAX_PASSAGE_LENGTH
