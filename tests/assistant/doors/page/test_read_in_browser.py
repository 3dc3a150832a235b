"""The reading page in a browser: the highlighted characters are the quote, for any text."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from assistant.assistant import Assistant
from assistant.sources import read_bytes
from embeddings.text.article import Article, Span
from tests.pdf_writer import paragraph, pdf
from tests.serving import Server

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FRAKTUR = "\U0001d518\U0001d52b\U0001d526"  # one character each, two UTF-16 units
TEXT = (
    "\n  First 👩‍👩‍👧 family 🎉, e\u0301te\u0301, &amp; &lt;b&gt; stay as they are.\r\n\r\n"
    f"Then {HOSTILE} is only text. </p></div>\r\nA second line\tof the same paragraph.\n\n\n"
    f"שנה טבה, this is the third {FRAKTUR} paragraph.\u2028With a separator.\n \t\n"
    "The last 🏳️‍🌈 one ends here.\n"
)
QUOTES = {
    "the beginning": "First 👩‍👩‍👧 family",
    "behind emoji and combining marks": "e\u0301te\u0301, &amp; &lt;b&gt;",
    "what looks like HTML": HOSTILE,
    "over a line end": "only text. </p></div>\nA second",
    "right to left": "שנה טבה",
    "beyond the basic plane": FRAKTUR,
    "over paragraphs": "paragraph.\n\n\nשנה",
    "behind a line of spaces": "separator.\n \t\nThe last 🏳️‍🌈 one",
    "the end": "ends here.",
}


@pytest.fixture(scope="module")
def article(assistant: Assistant) -> Article:
    article = Article.create(
        TEXT, title=f"Title {HOSTILE}", url="javascript:alert(1)", source='"><script>alert(1)</script>'
    )
    assistant.add_article(article)
    return article


def highlighted(tab: Page) -> str:
    """The exact highlighted text; Playwright's own assertions normalise white space."""
    expect(tab.locator("mark").first).to_be_visible()
    return str(tab.evaluate("[...document.querySelectorAll('mark')].map(mark => mark.textContent).join('')"))


def open_at(tab: Page, server: Server, article: Article, *spans: Span) -> None:
    cited = ",".join(f"{span.start}-{span.end}" for span in spans)
    tab.goto(f"{server.url}/read/{article.id}#c={cited}")


def span_of(article: Article, quote: str) -> Span:
    start = article.text.index(quote)
    return Span(start=start, end=start + len(quote))


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_the_highlighted_characters_are_the_quote(tab: Page, server: Server, article: Article, quote: str) -> None:
    open_at(tab, server, article, span_of(article, quote))
    assert highlighted(tab) == quote


def test_the_page_holds_the_text_character_for_character(tab: Page, server: Server, article: Article) -> None:
    tab.goto(f"{server.url}/read/{article.id}")
    assert tab.locator("#text").text_content() == article.text
    expect(tab.locator("#text script, #text img")).to_have_count(0)
    assert tab.locator("h1").text_content() == article.title
    expect(tab.locator("header a")).to_have_count(0)  # no link to a javascript: URL


def test_nul_does_not_shift_offsets(tab: Page, server: Server, assistant: Assistant) -> None:
    article = Article.create("Before\0the quote and\0after.")
    assistant.add_article(article)
    open_at(tab, server, article, span_of(article, "the quote"))
    assert highlighted(tab) == "the quote"


def test_several_spans_are_highlighted_and_overlaps_once(tab: Page, server: Server, article: Article) -> None:
    one, two, three = (span_of(article, quote) for quote in ("ends here", "First", "First 👩‍👩‍👧 family"))
    open_at(tab, server, article, one, two, three)
    assert highlighted(tab) == "First 👩‍👩‍👧 family" + "ends here"
    expect(tab.locator("mark")).to_have_count(2)


def test_stepping_through_citations_wraps_around(tab: Page, server: Server, article: Article) -> None:
    quotes = ["First", "only text", "ends here"]
    open_at(tab, server, article, *(span_of(article, quote) for quote in quotes))
    current = tab.locator("mark.current")
    for button, quote in (("Next", "only text"), ("Next", "ends here"), ("Next", "First"), ("Previous", "ends here")):
        tab.get_by_role("button", name=f"{button} citation").click()
        expect(current).to_have_text([quote])
        expect(tab.get_by_role("status")).to_have_text(f"{quotes.index(quote) + 1} of 3 citations")
        expect(current).to_be_in_viewport(ratio=1)
    open_at(tab, server, article, span_of(article, "First"))
    expect(tab.get_by_role("button")).to_have_count(0)


def test_changing_the_fragment_moves_the_highlight(tab: Page, server: Server, article: Article) -> None:
    open_at(tab, server, article, span_of(article, "First"))
    last = span_of(article, "The last")
    tab.evaluate(f"location.hash = 'c={last.start}-{last.end}'")
    expect(tab.locator("mark")).to_have_text(["The last"])
    assert tab.locator("#text").text_content() == article.text


@pytest.mark.parametrize("fragment", ["", "c=", "c=5", "c=9-3", "c=a-b", "c=999999-1000000", "c=-1-5", "%", "other"])
def test_a_fragment_that_cites_nothing_highlights_nothing(
    tab: Page, server: Server, article: Article, fragment: str
) -> None:
    tab.goto(f"{server.url}/read/{article.id}#{fragment}")
    expect(tab.locator("mark")).to_have_count(0)


def test_the_citation_is_scrolled_to_and_focused(tab: Page, server: Server, assistant: Assistant) -> None:
    article = Article.create("A long paragraph of many words. " * 40 + "\n\n" + "Another one. " * 900 + "Here it is.")
    assistant.add_article(article)
    open_at(tab, server, article, span_of(article, "Here it is."))
    mark = tab.locator("mark")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport(ratio=1)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_highlight_has_contrast(tab: Page, server: Server, article: Article, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a parameter cannot be a Literal
    open_at(tab, server, article, span_of(article, "First"))
    colours = "mark => { const s = getComputedStyle(mark); return [s.color, s.backgroundColor] }"
    ink, ground = (luminance(colour) for colour in tab.locator("mark").evaluate(colours))
    assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 7  # WCAG AAA


def luminance(colour: str) -> float:
    channels = (int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_without_script_the_article_can_be_read(server: Server, article: Article, browser: object) -> None:
    page = server.http.get(f"/read/{article.id}").text
    assert "First 👩‍👩‍👧 family" in page
    assert "<script>alert" not in page


def test_the_page_of_a_pdf_document_is_shown_with_the_quote_marked(
    tab: Page, server: Server, assistant: Assistant
) -> None:
    first = paragraph(50, 100, "The pier was built on Monday.")
    second = paragraph(50, 100, "The harbour was dredged.", "Nobody said what that cost.")
    article = read_bytes(pdf(first, second), name="pier.pdf", max_bytes=100_000)
    assistant.add_article(article)
    open_at(tab, server, article, span_of(article, "Nobody said what that cost."))
    assert highlighted(tab) == "Nobody said what that cost."
    expect(tab.locator(".page figcaption")).to_have_text("Page 2")
    picture = tab.locator(".page img")
    tab.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    url = tab.evaluate("image => image.src", picture.element_handle())
    image = Image.open(BytesIO(tab.request.get(url).body()))
    (box,) = article.pages.boxes(span_of(article, "Nobody said").start, len(article.text))
    assert image.getpixel((round(2 * box.x0), round(2 * box.y0))) == (255, 224, 102)
    assert image.getpixel((round(2 * box.x0), round(2 * box.y0) - 30)) == (255, 255, 255)


def test_an_article_without_pages_shows_none(tab: Page, server: Server, article: Article) -> None:
    open_at(tab, server, article, span_of(article, "ends here."))
    assert highlighted(tab) == "ends here."
    expect(tab.locator(".page")).to_have_count(0)
