"""The locations of citations and passages: article, offsets and links."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.answer import Passage
from assistant.grounding.links import page_link, read_link, source_link
from embeddings.text.article import Article, Excerpt, utf16_length
from embeddings.text.passage import span_id

if TYPE_CHECKING:  # faiss loads with the search
    from embeddings.retrieval.search import Hit


def location_fields(excerpt: Excerpt, base_url: str, read: Callable[[str], Article]) -> dict[str, Any]:
    """Return the fields of ``assistant.answer.Location`` for an excerpt.

    Args:
        excerpt: the characters and the article that they are from.
        base_url: the URL that links start with.
        read: returns the article with an id, or raises ArticleNotFound. A link into the live page needs the whole
            text, because it must not match anywhere else in it.
    """
    article, span = excerpt.article, excerpt.span
    return {
        "id": span_id(article.id, article.revision, span),
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
        "page": excerpt.boxes[0].page if excerpt.boxes else None,
        "boxes": excerpt.boxes or None,
        "also": excerpt.also,
        "link": read_link(base_url, article.id, span),
        "source_link": page_link(article, excerpt.boxes[0].page) if excerpt.boxes else source_link(article, span, read),
    }


def locate_passage(hit: "Hit", base_url: str, read: Callable[[str], Article]) -> Passage:
    """Return a search hit as a passage of the response. For the arguments see :func:`location_fields`."""
    fields = location_fields(hit.excerpt, base_url, read)
    return Passage(**fields, text=hit.text, score=round(hit.score, 5), ranks=hit.ranks)
