"""Explanations of a search or an answer, from the scores and decisions that it was made with."""

import re
from collections.abc import Sequence

from pydantic import JsonValue

from assistant.conversation.rules import Rewrite
from assistant.draft_answer import DraftAnswer
from embeddings.filters import Filters
from embeddings.retrieval.search import Hit
from embeddings.text.passage import span_id
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stemmed_in, stems, terms

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def explain_search(query: str, hits: Sequence[Hit], filters: Filters | None) -> dict[str, JsonValue]:
    """Return the scores, ranks and matching query words of each passage, and the query words that no passage has.

    ``fused`` is the score that orders the passages; ``cosine`` and ``bm25`` are the scores that it was made from.
    """
    words = [word for word in _WORD.findall(query) if not STOP_WORDS.issuperset(terms(word))]
    languages = {stemmed_in(hit.article.language) for hit in hits}
    word_terms = {word: set(terms(word, languages)) for word in words}
    hit_terms = [set(stems(f"{hit.text} {hit.article.title}", hit.article.language)) for hit in hits]
    matching = [[word for word in words if not word_terms[word].isdisjoint(found)] for found in hit_terms]
    return {
        "filters": filters.model_dump(mode="json", exclude_none=True) if filters else {},
        "passages": [_explain_hit(hit, matched) for hit, matched in zip(hits, matching, strict=True)],
        "words_nowhere": [word for word in words if not any(word in matched for matched in matching)],
    }


def explain_answer(
    rewrite: Rewrite, hits: Sequence[Hit], filters: Filters | None, draft: DraftAnswer, dropped: Sequence[str]
) -> dict[str, JsonValue]:
    """Return the explanation of the search, the rewriting, the confidence with its features, and what was dropped."""
    return {
        **explain_search(rewrite.question, hits, filters),
        "read_as": [{"words": words, "as": replacement} for words, replacement in rewrite.replacements],
        "confidence": draft.confidence,
        "threshold": draft.threshold,
        "signals": dict(draft.features),
        "dropped": list(dropped),
    }


def _explain_hit(hit: Hit, bm25_words: list[str]) -> JsonValue:
    return {
        "id": span_id(hit.article.id, hit.article.revision, hit.passage.span),
        "ranks": dict(hit.ranks),
        "cosine": hit.cosine,
        "bm25": hit.bm25,
        "bm25_words": list(bm25_words),
        "fused": hit.score,
    }
