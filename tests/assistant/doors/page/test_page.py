from datetime import date
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.doors import page
from assistant.doors.abstention import NO_ANSWER, REASONS
from embeddings.text.article import Article


class Reader(HTMLParser):
    """Collects the text inside ``#text``."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth or ("id", "text") in attrs:
            self.depth += 1
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += data


def read(article: Article) -> Reader:
    reader = Reader()
    reader.feed(page.render(article))
    reader.close()
    return reader


@given(st.text("ab \n\t\r\u2028<>&;\"'/!-#é🎉\u0301ש").map(lambda text: "x" + text))
def test_the_page_holds_the_text_character_for_character(text: str) -> None:
    article = Article.create(text)
    reader = read(article)
    assert reader.text == article.text
    assert set(reader.tags) == {"div", "p"}


def test_blank_lines_separate_paragraphs() -> None:
    assert read(Article.create("one\n\ntwo\nstill two\n \nthree")).tags.count("p") == 3


def test_the_metadata_of_the_article_is_shown() -> None:
    article = Article.create(
        "Text.", title="A & B", url="https://example.org/?a=1&b=2", source="Reuters", published=date(2016, 10, 3)
    )
    shown = page.render(article)
    assert '<h1 class="title" dir="auto">A &amp; B</h1>' in shown
    assert "Reuters · 3 October 2016" in shown
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">' in shown


def test_only_the_web_is_linked_to() -> None:
    for url in ("javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"):
        assert url.strip() not in page.render(Article.create("Text.", url=url))


def test_a_dollar_sign_in_an_article_is_only_a_dollar_sign() -> None:
    assert read(Article.create("$title costs $$5 and ${text}")).text == "$title costs $$5 and ${text}"


def test_the_chat_has_the_same_texts_of_abstentions() -> None:
    script = (page.ASSETS / "abstention.js").read_text(encoding="utf-8")
    assert f'"{NO_ANSWER}"' in script
    assert [reason for reason, why in REASONS.items() if reason and f'{reason}: "{why}"' not in script] == []
