"""A span of an article as the fields that every citation and passage carries."""

from collections.abc import Callable
from typing import Any

from assistant.grounding.links import read_link, source_link
from embeddings.text.article import Article, Excerpt, utf16_length
from embeddings.text.passage import place_id


def place(excerpt: Excerpt, base_url: str, read: Callable[[str], Article]) -> dict[str, Any]:
    """The fields of ``assistant.answer.Place`` for these characters.

    ``read`` gives the whole article of an id, or raises ArticleNotFound: a link into the live page must fit no other
    place in all of the text.
    """
    article, span = excerpt.article, excerpt.span
    return {
        "id": place_id(article.id, article.revision, span),
        "article_id": article.id,
        "revision": article.revision,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published,
        "paragraph": excerpt.paragraph,
        "start": span.start,
        "end": span.end,
        "start_utf16": excerpt.start_utf16,
        "end_utf16": excerpt.start_utf16 + utf16_length(excerpt.text),
        "link": read_link(base_url, article.id, span),
        "source_link": source_link(article, span, read),
    }
