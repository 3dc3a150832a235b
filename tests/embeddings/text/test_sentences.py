"""Sentence segmentation of news."""

import textwrap
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.article import Span, paragraph_spans
from embeddings.text.sentences import sentence_spans

FRAGMENTS = [
    *[
        "Kerry left. ",
        "“No,” he said. ",
        "U.S. ",
        "at 5 p.m. ",
        "EDT ",
        "1. ",
        "- ",
        "(",
        ".) ",
        "Then ",
        "word ",
        "…",
        "“",
    ],
    *[
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "\x00",
        "\x0c",
        "\x85",
        "\u2028",
        "\u200b",
        "é",
        "e\u0301",
        "👩‍👩‍👧",
        "🇺🇸",
        "中文。",
        "?!",
    ],
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))


def sentences(text: str, language: str | None = None) -> list[str]:
    return [span.cut(text) for span in sentence_spans(text, language=language)]


CODE = """# Fetch the secrets
# of a folder
kamal secrets fetch \\
  --from Folder

$ restic init
enter password
  -P, --push             # Push the image
                         # Default: true
server {
  listen 80;
}
#include <x>"""


NEWS = {
    "a fraction and a hyphen": ["The 5-1/2-year civil war goes on.", "It killed thousands."],
    "an attribution after a quotation": ["“It is over,” said Mr. Kerry.", "“Is it?” asked Lavrov.", "“Yes!” he cried."],
    "initials": ["George W. Bush met J. K. Rowling.", "They spoke."],
    "a country": ["He joined the U.S. Army in 1990.", "He left the U.S. in 1995."],
    "a company": ["Apple Inc. said it would.", "Smith & Co. did not."],
    "a number": ["No. 5 was first.", "Shares rose 3.5 percent to $4.20.", "Then they fell."],
    "a date and a place": ["LONDON, Oct. 3 — The pound fell.", "On Jan. 5 it rose again."],
    "a title": ["Sen. John McCain, R-Ariz., said so.", "Gen. Lee and Dr. Smith agreed."],
    "an address": ["See www.example.com for more.", "Or write to a.b@c.org today."],
    "an ellipsis": ["He waited ... and left.", "Nobody came..."],
    "a time with its zone": ["The strike begins at 10 a.m. EDT on Thursday.", "It ends at 5 p.m. GMT."],
    "the time as the end": ["It began at 7 p.m.", "Kerry spoke."],
    "a sentence in brackets": ["The axes did not meet (nobody knew.)", "The lines did."],
    "a party and a state in brackets": ["He met Sen. Ed Markey (D-Mass.) The rest is known."],
    "numbered sentences": ["Three rules hold.", "1. We play at home.", "2. We win."],
    "an emoji": ["The 👩‍👩‍👧 are here.", "The cafe\u0301 closed. :)"],
}


@pytest.mark.parametrize("expected", NEWS.values(), ids=NEWS.keys())
def test_sentences_of_news_are_segmented(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Holt et al. [2004] measured the tides.", "Brix et al. (2011a) did not."],
        ["He left Yahoo! Japan for a band.", "It plays Wham! on Sundays."],
        ["The musical Oklahoma! opened in 1943.", "It ran for years."],
        ["“Oh!” said the caretaker, and left.", "Is it so?", "Nobody knows."],
    ],
    ids=["a year in brackets", "a name with a mark", "a play", "what was called out"],
)
def test_a_mark_inside_a_sentence_does_not_end_it(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_headline_and_a_line_without_a_full_stop_are_sentences() -> None:
    text = "US ends talks\n\nThe US has broken off talks with Russia\n\nIt is over."
    assert sentences(text) == ["US ends talks", "The US has broken off talks with Russia", "It is over."]


@pytest.mark.parametrize("width", [45, 65, 72, 100])
def test_hard_wrapped_lines_are_one_sentence(width: int) -> None:
    text = (
        "The United States is suspending its participation in bilateral channels with Russia, State Department "
        "spokesman John Kirby said, after Secretary of State John Kerry threatened to walk away from the talks."
    )
    wrapped = textwrap.fill(text, width)
    assert wrapped.count("\n") > 1
    assert sentences(wrapped) == [wrapped]


def test_a_line_break_that_wrapping_did_not_need_ends_a_sentence() -> None:
    lines = [
        "US ends talks",
        "The United States is suspending its participation in channels with Russia.",
        "By Reuters",
    ]
    assert sentences("\n".join(lines)) == lines


def test_an_indented_line_begins_a_new_sentence() -> None:
    text = "It is against the law in the U.S.\n    Wells Fargo provided the senior debt.\n"
    assert sentences(text) == ["It is against the law in the U.S.", "Wells Fargo provided the senior debt."]


@pytest.mark.parametrize("marks", ["---", "•••", ["1.", "2.", "3."], ["(a)", "(b)", "(c)"]], ids=str)
def test_every_item_of_a_list_is_a_sentence(marks: list[str]) -> None:
    items = [f"{mark} {item}" for mark, item in zip(marks, ["aid", "a convoy that was bombed", "talks"], strict=True)]
    assert sentences("\n".join(items)) == items


def test_a_dash_at_the_start_of_a_wrapped_line_is_not_a_list_item() -> None:
    text = "But the speed with which the ceasefire collapsed\n- after a convoy was bombed - was a surprise."
    assert sentences(text) == [text]


def test_segmentation_depends_on_the_language() -> None:
    assert sentences("他来了。她走了。", "zh") == ["他来了。", "她走了。"]
    assert sentences("Er kam z.B. um 5 Uhr. Sie ging.", "de") == ["Er kam z.B. um 5 Uhr.", "Sie ging."]


def test_a_long_text_without_the_end_of_a_sentence_is_one_sentence() -> None:
    assert sentences("word " * 10_000) == [("word " * 10_000).strip()]


@pytest.mark.parametrize("piece", ["“", "«", "中。"])
def test_segmentation_takes_linear_time(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        started = time.thread_time()
        sentence_spans(text)
        return time.thread_time() - started

    assert any(seconds(120_000) < 12 * seconds(30_000) + 0.05 for _ in range(3))  # 16 is quadratic


def test_a_sentence_longer_than_a_chunk_is_one_sentence() -> None:
    long = "He said that " * 4_000 + "it ends."
    assert sentences(f"It begins. {long} Then the next one comes.") == ["It begins.", long, "Then the next one comes."]
    quoted = "“Yes " * 1_000 + "end.”"
    assert sentences(f"{quoted} And on.") == [quoted, "And on."]


def test_an_empty_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\n\u2028") == []


@given(texts)
def test_sentences_are_in_order_disjoint_trimmed_and_hold_every_visible_character(text: str) -> None:
    spans = sentence_spans(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.cut(text) == span.cut(text).strip() != "" for span in spans)
    assert "".join("".join(span.cut(text).split()) for span in spans) == "".join(text.split())


@given(texts)
def test_the_sentences_of_a_paragraph_do_not_depend_on_the_text_around_it(text: str) -> None:
    alone = [
        Span(start=paragraph.start + span.start, end=paragraph.start + span.end)
        for paragraph in paragraph_spans(text)
        for span in sentence_spans(paragraph.cut(text))
    ]
    assert sentence_spans(text) == alone


def test_a_line_of_code_is_a_sentence_with_its_comments_and_what_goes_on_with_it() -> None:
    text = f"Do it. Use\nthis:\n\n{CODE}\n\nThat was\nall."
    start = text.index(CODE)
    found = sentence_spans(text, code=[Span(start=start, end=start + len(CODE))])
    assert [span.cut(text) for span in found] == [
        "Do it.",
        "Use\nthis:",
        "# Fetch the secrets\n# of a folder\nkamal secrets fetch \\\n  --from Folder",
        "$ restic init",
        "enter password",
        "-P, --push             # Push the image\n                         # Default: true",
        "server {",
        "listen 80;\n}",
        "#include <x>",
        "That was\nall.",
    ]


@given(texts)
def test_lines_of_code_contain_everything_but_white_space(text: str) -> None:
    spans = sentence_spans(text, code=[Span(start=0, end=len(text))])
    limits = [offset for span in spans for offset in (span.start, span.end)]
    assert limits == sorted(set(limits))
    assert "".join("".join(span.cut(text) for span in spans).split()) == "".join(text.split())
