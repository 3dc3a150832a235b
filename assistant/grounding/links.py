"""Links to a span of an article: into its page on this server, and into the live page that it came from."""

import re
from collections.abc import Callable
from urllib.parse import quote

from assistant.grounding.folding import FOLDED_TEXTS
from assistant.grounding.text_fragment import text_fragment
from embeddings.text.article import Article, Entry, Span

_HTTP = re.compile("https?://", re.IGNORECASE)


def read_link(base_url: str, article_id: str, span: Span) -> str:
    """Return the URL of the article's page on this server, which highlights the span and scrolls to it."""
    return f"{base_url.rstrip('/')}/read/{quote(article_id, safe='')}#c={span.start}-{span.end}"


def source_link(article: Entry, span: Span, read: Callable[[str], Article]) -> str | None:
    """Return the article's own URL with a text fragment that matches the span and nothing else in its text.

    The text is folded once for all spans of an article, while it is cached.

    Args:
        article: the article that the span is in.
        span: the characters to link to.
        read: returns the article with an id, or raises ArticleNotFound.

    Returns:
        The URL; None if the article has no http(s) URL, or no text fragment matches the span only.
    """
    page, _, fragment = (article.url or "").partition("#")
    if not _HTTP.match(page):
        return None
    folded = FOLDED_TEXTS.get(article, read)
    directive = text_fragment(folded, span) if folded else None
    return directive and f"{page}#{fragment.partition(':~:')[0]}:~:text={directive}"


def page_link(article: Entry, page: int) -> str | None:
    """Return the URL of a page of a PDF document, as browsers open it; None if the article has no http(s) URL."""
    document = (article.url or "").partition("#")[0]
    return f"{document}#page={page}" if _HTTP.match(document) else None
