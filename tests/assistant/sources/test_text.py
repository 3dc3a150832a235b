from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sources import read_text
from embeddings.errors import InvalidInput
from embeddings.text.article import normalise_line_ends

AWKWARD = ["\r\n", "\r", "\x0c", "\x00", "\u2028", "\u0301", "👩‍👩‍👧", "שלום", "\u202e", "\ufeff", " ", "word", "."]


@given(st.text() | st.lists(st.sampled_from(AWKWARD)).map("".join))
def test_line_ends_are_normalised_and_at_most_a_first_line_is_missing(text: str) -> None:
    article, whole = read_text(text + "!"), normalise_line_ends(text + "!")
    before = whole.removesuffix(article.text)
    assert before + article.text == whole
    assert before.split() in ([], article.title.split())


@pytest.mark.parametrize("text", ["", " \n\u200b\x00", "half of a character: \ud83d"])
def test_a_text_without_visible_characters_is_rejected(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_text(text)


def test_a_line_above_a_blank_line_is_the_title_and_not_in_the_text() -> None:
    article = read_text("Bridge opens\n\nThe bridge opened on Wednesday.")
    assert (article.title, article.text) == ("Bridge opens", "The bridge opened on Wednesday.")
    assert article.metadata["title_derived_from"] == "first line"


def test_arguments_become_metadata_of_the_article() -> None:
    article = read_text(
        "A text.", url="https://a.example/1", title="A\ntitle\x00", source=" The\tDaily ", published=date(2020, 1, 2)
    )
    assert (article.url, article.title, article.source) == ("https://a.example/1", "A title", "The Daily")
    assert article.published == date(2020, 1, 2)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "/a",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://",
        "http://[a",
        "http://a.example:x/",
        "http://a b",
    ],
)
def test_a_url_that_is_not_a_web_address_is_rejected(url: str) -> None:
    with pytest.raises(InvalidInput, match="absolute URL"):
        read_text("A text.", url=url)


@given(st.text(), st.text())
def test_any_url_is_accepted_or_rejected(host: str, path: str) -> None:
    url = f"https://{host}/{path}"
    with suppress(InvalidInput):
        assert read_text("A text.", url=url).url == url
