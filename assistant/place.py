"""A span of an article as the fields that every citation and passage carries."""

from typing import Any

from assistant.links import read_link, source_link
from embeddings.article import Article, Span
from embeddings.passage import place_id


def place(article: Article, span: Span, base_url: str) -> dict[str, Any]:
    """The fields of ``assistant.answer.Place`` for these characters."""
    utf16 = span.utf16(article.text)
    return {
        "id": place_id(article.id, article.revision, span),
        "article_id": article.id,
        "revision": article.revision,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published,
        "paragraph": article.paragraph(span.start),
        "start": span.start,
        "end": span.end,
        "start_utf16": utf16.start,
        "end_utf16": utf16.end,
        "link": read_link(base_url, article.id, span),
        "source_link": source_link(article, span),
    }
