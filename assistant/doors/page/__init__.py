"""The pages. On the reading page ``#text`` holds the article's text, character for character, so that offsets fit."""

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
    """The reading page of an article. Its text is escaped everywhere and read as HTML nowhere."""
    facts = [article.source, article.published and f"{article.published.day} {article.published:%B %Y}"]
    return _TEMPLATE.substitute(
        title=escape(article.title),
        language=f' lang="{escape(article.language)}"' if article.language else "",
        facts=" · ".join(escape(fact) for fact in facts if fact),
        original=_original(article.url),
        text="".join(f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in _paragraphs(article.text)),
    )


def sign_in(root: str) -> str:
    """The page that asks for a key, at any path; ``root`` is the one under which the server is known."""
    return _SIGN_IN.substitute(root=escape(root))


def _paragraphs(text: str) -> list[str]:
    """The whole text in pieces: each paragraph keeps the blank line behind it.

    HTML has no NUL; the parser would drop it, and all that follows would shift.
    """
    starts = [paragraph.start for paragraph in paragraph_spans(text)]
    return [text[start:end].replace("\0", "�") for start, end in pairwise([0, *starts[1:], len(text)])]


def _original(url: str | None) -> str:
    """A link to the original; only to the web, since an article may bring any string as its URL."""
    if not url or not url.lower().startswith(("http://", "https://")):
        return ""
    return f'<a href="{escape(url)}" rel="noopener noreferrer">Original article</a>'
