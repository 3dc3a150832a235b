"""The web pages. On the reading page, ``#text`` has exactly the article's text, so that offsets fit."""

from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template

from embeddings.text.article import Article, paragraph_spans

ASSETS = Path(__file__).parent / "static"

SIGN_IN_ASSETS = ("base.css", "signin.css", "signin.js", "icon.svg")
CHAT = (Path(__file__).parent / "chat.html").read_text("utf-8")

_TEMPLATE = Template((Path(__file__).parent / "read.html").read_text("utf-8"))
_SIGN_IN = Template((Path(__file__).parent / "signin.html").read_text("utf-8"))


def render(article: Article) -> str:
    """Return the reading page of an article; all its values are escaped."""
    facts = [
        ", ".join(article.authors),
        article.source,
        article.published and f"{article.published.day} {article.published:%B %Y}",
    ]
    return _TEMPLATE.substitute(
        title=escape(article.title),
        language=f' lang="{escape(article.language)}"' if article.language else "",
        facts=" · ".join(escape(fact) for fact in facts if fact),
        original=_original_link(article.url),
        pages=_pages(article),
        text="".join(f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in _paragraphs(article.text)),
    )


def sign_in(root: str) -> str:
    """Return the sign-in page, which is shown at any path; ``root`` is the path prefix of the server."""
    return _SIGN_IN.substitute(root=escape(root))


def _paragraphs(text: str) -> list[str]:
    """Split the text into paragraphs that keep the blank lines after them.

    NUL becomes U+FFFD: HTML parsers drop it, which would shift all following offsets.
    """
    starts = [paragraph.start for paragraph in paragraph_spans(text)]
    return [text[start:end].replace("\0", "�") for start, end in pairwise([0, *starts[1:], len(text)])]


def _pages(article: Article) -> str:
    """The attributes that say where the pages of a PDF document begin in the text; none for other articles."""
    starts = " ".join(f"{start}:{page}" for page, start in article.pages.page_starts())
    return f' data-article="{escape(article.id)}" data-pages="{starts}"' if starts else ""


def _original_link(url: str | None) -> str:
    """A link to the original, only if it is an http or https URL: an article may have any string as its URL."""
    if not url or not url.lower().startswith(("http://", "https://")):
        return ""
    return f'<a href="{escape(url)}" rel="noopener noreferrer">Original article</a>'
