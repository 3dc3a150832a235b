"""Ids of articles, and spans of their texts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from embeddings.errors import InvalidInput
from embeddings.text.article import Article, Span, paragraph_spans

unicode_text = st.text()
visible_text = unicode_text.map(lambda text: text + "a")
paragraphed = st.lists(st.sampled_from(["one", " ", "\n", "\n\n", "\t", "\x0c", "é", "👩‍👧", "\u2028"])).map("".join)


def test_the_id_depends_on_the_url_and_not_on_text_or_fragment() -> None:
    first = Article.create("One.", url="https://example.com/story")
    second = Article.create("Two.", url="https://example.com/story#comments", path="story.html")
    assert first.id == second.id
    assert first.revision != second.revision


def test_without_a_url_the_id_depends_on_the_path_and_without_a_path_on_the_text() -> None:
    assert Article.create("One.", path="a.txt").id == Article.create("Two.", path="a.txt").id
    assert Article.create("One.", path="a.txt").id != Article.create("One.", path="b.txt").id
    assert Article.create("One.").id == Article.create("One.", title="Another").id
    assert Article.create("One.").id != Article.create("Two.").id


def test_an_equal_url_path_and_text_give_different_ids() -> None:
    name = "https://example.com/a"
    assert len({Article.create("x", url=name).id, Article.create("x", path=name).id, Article.create(name).id}) == 3


def test_the_revision_depends_on_the_text_alone_and_not_on_its_line_ends() -> None:
    article = Article.create("One.\nTwo.\nThree.", title="a", path="a", published=date(2016, 10, 4))
    assert article.revision == Article.create("One.\r\nTwo.\rThree.", title="b", path="b").revision
    assert article.text == "One.\nTwo.\nThree."


def test_without_a_title_the_first_visible_line_is_the_title_and_the_metadata_says_so() -> None:
    article = Article.create("\n \u200b\n  US ends talks \nThe US has broken off talks.")
    assert article.title == "US ends talks"
    assert article.metadata == {"title_derived_from": "first line"}
    assert Article.create("x", title="Given").metadata == {}


def test_a_long_first_line_is_truncated_as_title() -> None:
    title = Article.create("word " * 100).title
    assert len(title) <= 80
    assert title.endswith("word…")


@pytest.mark.parametrize(
    "text", ["", " \n\t\u2028", "\u200b\ufeff", "\x00\x1f"], ids=["none", "white", "format", "control"]
)
def test_a_text_without_a_visible_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no text"):
        Article.create(text)


@pytest.mark.parametrize("field", ["title", "url", "source"])
def test_a_lone_surrogate_is_refused_and_its_field_is_named(field: str) -> None:
    with pytest.raises(InvalidInput, match=f"The {field} holds half of a character.*U\\+D83D, at offset 1"):
        Article.create("text", **{field: "a\ud83d"})  # type: ignore[arg-type]  # the field's name is a variable
    with pytest.raises(InvalidInput, match="The text"):
        Article.create("a\ud83d")


def test_a_span_that_ends_before_it_starts_cannot_be_made() -> None:
    with pytest.raises(ValidationError):
        Span(start=2, end=1)
    with pytest.raises(ValidationError):
        Span(start=-1, end=1)


@given(unicode_text, st.data())
def test_utf16_and_code_point_offsets_give_the_same_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start=start, end=data.draw(st.integers(start, len(text))))
    units = span.utf16(text)
    encoded = text.encode("utf-16-le")
    assert encoded[2 * units.start : 2 * units.end].decode("utf-16-le") == span.cut(text)


def test_a_character_beyond_the_basic_plane_is_two_utf16_units() -> None:
    assert Span(start=1, end=2).utf16("😀a") == Span(start=2, end=3)


@pytest.mark.parametrize(
    "blank", ["\n\n", "\n \t\n", "\n\n\n\n", "\n\x0c\n  "], ids=["empty", "white", "many", "form feed"]
)
def test_blank_lines_separate_paragraphs_and_single_line_breaks_do_not(blank: str) -> None:
    article = Article.create(f"{blank}First\nline.{blank}Second.{blank}")
    offset = article.text.index
    assert [article.paragraph(offset(word)) for word in ("First", "line", "Second")] == [1, 1, 2]
    assert [span.cut(article.text) for span in paragraph_spans(article.text)] == ["First\nline.", "Second."]


def test_an_offset_between_paragraphs_belongs_to_the_one_before() -> None:
    article = Article.create("\n\nOne.\n\nTwo.\n\n")
    assert [article.paragraph(offset) for offset in range(len(article.text) + 1)] == [1] * 8 + [2] * 7


def test_the_paragraphs_of_a_span_are_whole() -> None:
    article = Article.create("One is here.\n\nTwo is here.\n\nThree.")
    two = article.text.index("Two")
    assert article.paragraph_span(Span(start=two + 4, end=two + 6)).cut(article.text) == "Two is here."
    assert article.paragraph_span(Span(start=4, end=two + 1)).cut(article.text) == "One is here.\n\nTwo is here."


@given(paragraphed)
def test_paragraphs_hold_every_visible_character_and_no_blank_line(text: str) -> None:
    spans = list(paragraph_spans(text))
    assert "".join("".join(span.cut(text).split()) for span in spans) == "".join(text.split())
    assert all(span.cut(text).strip() == span.cut(text) for span in spans)
    assert not any("\n\n" in span.cut(text) for span in spans)


@given(paragraphed.map(lambda text: text + "end"))
def test_the_number_of_a_paragraph_is_its_place_among_the_paragraphs(text: str) -> None:
    article = Article.create(text)
    for number, span in enumerate(paragraph_spans(text), 1):
        assert article.paragraph(span.start) == article.paragraph(span.end - 1) == number
        assert article.paragraph_span(span) == span


@given(visible_text)
def test_an_article_is_equal_after_serialisation_as_json(text: str) -> None:
    article = Article.create(text, title="t", published=date(2016, 10, 4), sections=(0,), metadata={"n": 1})
    assert Article.model_validate_json(article.model_dump_json()) == article


@pytest.mark.parametrize("url", ["http://[", "http://[::1", "https://[x]/a"])
def test_an_invalid_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="not the address"):
        Article.create("x", url=url)
