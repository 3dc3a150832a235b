"""A source link, opened in a real Chromium: what it highlights on the page is the quote, character for character."""

import html
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from assistant.grounding.links import source_link
from embeddings.text.article import Article, Span

PARAGRAPHS = (
    "Café prices rose first. Then cafe prices fell. THEN CAFE PRICES FELL again, and no one knew why.",
    "The long-awaited, much-debated bill — “R&D: 50% off” — passed, 51-49 & was signed. That’s it, she’d said.",
    "It was quiet. Nobody spoke. It was quiet. Then a bell rang. It was quiet.",
    "Κάποιος ξύπνησε αργά. Όλοι κοιμόνταν ακόμη.",
    "عاد الوزير إلى القاهرة. ثم سافر إلى تونس.",
    "总统昨天抵达北京。会谈今天开始。代表团明天离开。",
    "The first half stands here, before the break.",
    "After the break the second half stands here; and more follows.",
)
TEXT = "\n\n".join(PARAGRAPHS)
QUOTES = {
    "dashes": "The long-awaited, much-debated bill — “R&D: 50% off” — passed",
    "commas and an ampersand": "passed, 51-49 & was signed.",
    "curly quotes": "“R&D: 50% off”",
    "an apostrophe": "That’s it, she’d said.",
    "Greek": "Όλοι κοιμόνταν ακόμη.",
    "Arabic": "ثم سافر إلى تونس.",
    "Chinese": "会谈今天开始。",
    "an accent variant": "Café prices",
    "an upper-case twin": "THEN CAFE PRICES FELL",
    "a lower-case twin": "Then cafe prices fell",
    "two paragraphs": "The first half stands here, before the break.\n\nAfter the break the second half stands here",
}
# Text is transparent, so that a pixel amid a character has the colour of the highlight or of the page.
STYLE = """
  body { margin: 3000px 0; font: 20px monospace; color: transparent; background: white }
  ::target-text { background: rgb(255, 0, 0); color: transparent }
"""
HIGHLIGHTED = """async screenshot => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + screenshot)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const range = new Range();
  return [...document.querySelectorAll("p")].map(({ firstChild: text }) =>
    [...text.data].map((character, index) => {
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      const box = range.getBoundingClientRect();
      const [, green] = canvas.getImageData((box.left + box.right) / 2, (box.top + box.bottom) / 2, 1, 1).data;
      return green < 128 ? character : "_";
    }).join("")).join("\\n\\n");
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Article]:
    """An article that is served on loopback, a paragraph an element."""
    folder = tmp_path_factory.mktemp("site")
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in PARAGRAPHS)
    page = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}"
    Path(folder, "article.html").write_text(page, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Article.create(TEXT, url=f"http://127.0.0.1:{server.server_port}/article.html")
        server.shutdown()
        thread.join()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1600, "height": 900}) as tab:
        yield tab


def highlighted(tab: Page, link: str) -> str:
    """The text as the browser shows it once it has scrolled: every character that is not highlighted is a ``_``."""
    tab.goto(link)
    tab.wait_for_function("scrollY > 0", timeout=10_000)
    return str(tab.evaluate(HIGHLIGHTED, b64encode(tab.screenshot()).decode()))


def only(span: Span) -> str:
    """The text with every character outside the span a ``_``."""
    return "".join(
        character if span.start <= at < span.end or character == "\n" else "_" for at, character in enumerate(TEXT)
    )


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_the_browser_highlights_the_quote_and_nothing_else(tab: Page, article: Article, quote: str) -> None:
    start = TEXT.index(quote)
    span = Span(start=start, end=start + len(quote))
    assert highlighted(tab, str(source_link(article.entry, span, lambda _: article))) == only(span)


@pytest.mark.parametrize("twin", list(re.finditer(r"It was quiet\.", TEXT)), ids=["first", "second", "third"])
def test_the_cited_one_of_equal_sentences_is_highlighted(tab: Page, article: Article, twin: re.Match[str]) -> None:
    span = Span(start=twin.start(), end=twin.end())
    assert highlighted(tab, str(source_link(article.entry, span, lambda _: article))) == only(span)


def test_this_test_detects_a_link_that_matches_too_much(tab: Page, article: Article) -> None:
    start = TEXT.index("Then cafe prices fell")
    assert highlighted(tab, f"{article.url}#:~:text=Then,fell") == only(Span(start=start, end=start + 21))
