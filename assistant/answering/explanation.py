"""Why these passages, and why this answer or none: the reasons that search and answering already have, in one place."""

import re
from collections.abc import Sequence

from pydantic import JsonValue

from assistant.conversation.rules import Rewrite
from assistant.draft_answer import DraftAnswer
from embeddings.filters import Filters
from embeddings.retrieval.search import Hit
from embeddings.text.passage import span_id
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def explain_search(query: str, hits: Sequence[Hit], filters: Filters | None) -> dict[str, JsonValue]:
    """Of each passage its scores, its ranks and the query's words in it; and the words that none of them has.

    ``fused`` is the score that orders the passages; ``cosine`` and ``bm25`` are what it was made from.
    """
    words = [word for word in _WORD.findall(query) if not STOP_WORDS.issuperset(terms(word))]
    found = [_words_of(hit) for hit in hits]
    return {
        "filters": filters.model_dump(mode="json", exclude_none=True) if filters else {},
        "passages": [_passage(hit, words, here) for hit, here in zip(hits, found, strict=True)],
        "words_nowhere": [word for word in words if not any(_has(here, word) for here in found)],
    }


def explain_answer(
    asked: Rewrite, hits: Sequence[Hit], filters: Filters | None, draft: DraftAnswer, dropped: Sequence[str]
) -> dict[str, JsonValue]:
    """The search, what was read into the question, the confidence with its signals, and the sentences dropped."""
    return {
        **explain_search(asked.question, hits, filters),
        "read_as": [{"words": words, "as": read} for words, read in asked.filled],
        "confidence": draft.confidence,
        "threshold": draft.threshold,
        "signals": dict(draft.signals),
        "dropped": list(dropped),
    }


def _passage(hit: Hit, words: Sequence[str], here: set[str]) -> JsonValue:
    return {
        "id": span_id(hit.article.id, hit.article.revision, hit.passage.span),
        "ranks": dict(hit.ranks),
        "cosine": hit.cosine,
        "bm25": hit.bm25,
        "bm25_words": [word for word in words if _has(here, word)],
        "fused": hit.score,
    }


def _words_of(hit: Hit) -> set[str]:
    return {*terms(hit.text), *terms(hit.article.title)}


def _has(here: set[str], word: str) -> bool:
    return not here.isdisjoint(terms(word))
