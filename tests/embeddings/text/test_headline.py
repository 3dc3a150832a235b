"""The headline becomes the title and leaves the text; nothing else of the text changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.headline import find_headline, without

Split = tuple[str | None, str, tuple[int, ...]]
BODY = "The bridge opened on Wednesday.\n\nIt cost 40 million."


def split_headline(text: str, title: str | None, sections: tuple[int, ...], *, is_plain: bool) -> Split:
    """The title, the text without the headline, and its sections."""
    found = find_headline(text, title, sections, is_plain=is_plain)
    return (found.title, *without(found.cut, text, sections)) if found else (title, text, sections)


@pytest.mark.parametrize(
    "line", ["Bridge opens", "  Bridge opens", "Who's afraid of 1.2 billion", "“Too much” is paid"]
)
def test_a_first_line_above_a_blank_line_is_the_headline_of_plain_text(line: str) -> None:
    assert split_headline(f"{line}\n\n{BODY}", None, (), is_plain=True) == (" ".join(line.split()), BODY, ())


@pytest.mark.parametrize(
    "text",
    [
        f"Bridge opens\n{BODY}",
        f"The bridge is open.\n\n{BODY}",
        f"Is it open?\n\n{BODY}",
        f"“It is open.”\n\n{BODY}",
        f"What it cost:\n\n{BODY}",
        f"Bridge opens\nand costs\n\n{BODY}",
        f"{'Bridge ' * 30}\n\n{BODY}",
        f"12\n\n{BODY}",
        "Bridge opens",
        "Bridge opens\n\n",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert split_headline(text, None, (), is_plain=True) == (None, text, ())


def test_where_headings_are_marked_only_a_heading_is_a_headline() -> None:
    text = f"Bridge opens\n\n{BODY}"
    assert split_headline(text, None, (), is_plain=False)[0] is None
    assert split_headline(text, None, (0,), is_plain=False) == ("Bridge opens", BODY, ())


@pytest.mark.parametrize("title", ["Bridge opens", "BRIDGE  opens", "Bridge opens | Daily", "Bridge opens – Daily"])
def test_a_block_that_says_the_title_is_cut_wherever_it_stands_at_the_beginning(title: str) -> None:
    found = split_headline(f"Business\n\nBridge opens\n\n{BODY}", title, (0, 10), is_plain=False)
    assert found == (title, f"Business\n\n{BODY}", (0,))


def test_sections_after_the_headline_move_with_the_text() -> None:
    text = f"Bridge opens\n\nOn time\n\n{BODY}\n\nCost\n\nMuch."
    _, body, sections = split_headline(text, "Bridge opens", (0, 14, text.index("Cost\n")), is_plain=False)
    assert [body[offset:].split("\n")[0] for offset in sections] == ["On time", "Cost"]


@pytest.mark.parametrize("title", ["Bridge", "A bridge opens", "Bridge opens today"])
def test_another_title_leaves_the_text_as_it_is(title: str) -> None:
    text = f"Bridge opens\n\n{BODY}"
    assert split_headline(text, title, (), is_plain=True) == (title, text, ())


@given(st.text(alphabet="aB .\n", max_size=60), st.none() | st.text(alphabet="aB", min_size=1), st.booleans())
def test_what_is_left_is_the_text_without_one_block(text: str, title: str | None, is_plain: bool) -> None:
    _, body, _ = split_headline(text, title, (), is_plain=is_plain)
    assert body == text or any(
        text[:start] + text[end:] == body for start in range(len(text)) for end in range(start + 1, len(text))
    )


def test_a_line_with_nothing_visible_beside_it_is_the_text() -> None:
    assert split_headline("Bridge opens\n\n\x00", None, (), is_plain=True) == (None, "Bridge opens\n\n\x00", ())
