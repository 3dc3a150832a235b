"""The catalogue of a library: its articles by title, by what they mention, and by what a question means."""

from collections.abc import Iterable
from typing import NamedTuple

from assistant.conversation.intent import Intent
from assistant.request import AskRequest
from embeddings.errors import ArticleNotFound
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.retrieval.search import Hit
from embeddings.text.article import Excerpt
from embeddings.text.passage import StoredPassage
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

DEPTH = 200  # passages among which articles are looked for
MAX_TURN_CHARACTERS = 1_000  # of an earlier turn, whose beginning tells which article it was about
_MIN_QUOTE = 20  # characters of a sentence that tells from which article a turn quotes
_MIN_TITLE_SHARE = 0.5  # of a title's terms, for one or two of them to name it


class Listing(NamedTuple):
    """Articles, each by one of its passages, and how many there are; ``complete`` if there are no more than those."""

    hits: list[Hit]
    total: int
    complete: bool = True


class Catalogue:
    """Finds whole articles in one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def listed(self, filters: Filters | None, limit: int) -> Listing:
        """Return the first ``limit`` of the articles that pass the filters."""
        if filters is None:
            articles, _ = self._library.entries(limit)
            count = self._library.size()["articles"]
            return Listing([hit for one in articles for hit in self.passages(one.article.id, 1)], count)
        first, count = self._library.first_passages(filters, limit)
        return Listing([_hit(*one) for one in first], count)

    def mentioning(self, words: str, filters: Filters | None, limit: int) -> Listing:
        """Return the first ``limit`` of the articles in whose title and passages all the words occur, best first."""
        asked, found = content_terms(words), dict[str, set[str]]()
        hits = self._library.search(words, DEPTH, filters, by="bm25", distinct=False)
        for hit in hits:
            found.setdefault(hit.article.id, set(terms(hit.article.title))).update(terms(hit.text))
        matching = [hit for hit in _by_article(hits) if asked <= found[hit.article.id]]
        return Listing(matching[:limit], len(matching), complete=len(hits) < DEPTH)

    def find(self, intent: Intent, request: AskRequest) -> str | None:
        """Return the id of the article that an intent is about; None if it names none, or may mean one of several."""
        if intent.subject:
            return self._titled(intent.subject, request.filters)
        return self._meant(request)

    def _titled(self, title: str, filters: Filters | None) -> str | None:
        """Return the id of the article whose title has all words of the given one, and few others."""
        asked, best = content_terms(title), (0.0, "")
        for hit in self._library.search(title, DEPTH, filters, distinct=False) if asked else ():
            words = content_terms(hit.article.title)
            share = len(asked) / max(1, len(words))
            if asked <= words and (len(asked) > 2 or share >= _MIN_TITLE_SHARE):
                best = max(best, (share, hit.article.id))
        return best[1] or None

    def _meant(self, request: AskRequest) -> str | None:
        """Return the id of the article that is meant where none is named; None if it may be one of several.

        It is the only one that passes the filters, or the one that the latest turns quote or name.
        """
        listing = self.listed(request.filters, 2)
        if listing.total == 1:
            return listing.hits[0].article.id if listing.hits else None
        for turn in reversed(request.history or ()):
            text = turn.content[:MAX_TURN_CHARACTERS]
            if text.strip():
                hits = self._library.search(text, DEPTH, request.filters)
                if quoted := next((hit.article.id for hit in hits if _is_quoted(hit, text)), None):
                    return quoted
        return None

    def passages(self, article_id: str, limit: int | None = None) -> list[Hit]:
        """Return the first passages of an article as hits of no search; empty if there is no such article."""
        try:
            passages = self._library.passages(article_id)[:limit]
            return [_hit(one, self._library.excerpt(article_id, one.span)) for one in passages]
        except ArticleNotFound:  # removed meanwhile
            return []


def content_terms(text: str) -> set[str]:
    """Return the terms of a text that are no stop words; all of them if there are no others."""
    found = set(terms(text))
    return found - STOP_WORDS or found


def _hit(passage: StoredPassage, excerpt: Excerpt) -> Hit:
    return Hit(passage, excerpt, score=0.0, ranks={}, cosine=0.0, bm25=0.0)


def _by_article(hits: Iterable[Hit]) -> list[Hit]:
    """Return the first hit of each article."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article.id, hit)
    return list(first.values())


def _is_quoted(hit: Hit, text: str) -> bool:
    """True if a text has the title of a hit's article, or a sentence of the hit."""
    sentences = (hit.excerpt.cut(span) for span in hit.passage.sentences)
    return any(len(one) >= _MIN_QUOTE and one in text for one in (hit.article.title, *sentences))
