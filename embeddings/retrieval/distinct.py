"""Distinct passages: of those of near-duplicates that say the same, those of the article that was found first."""

from collections.abc import Sequence
from functools import cached_property, partial
from itertools import takewhile
from operator import ne

from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Excerpt, Span
from embeddings.text.minhash import shingles
from embeddings.text.passage import StoredPassage
from embeddings.text.terms import stems

_REPEATED = 0.75  # of a passage's word shingles
_REACH = 50_000  # characters before and after a passage that a near-duplicate is compared with: most articles whole


def first_distinct(
    snapshot: Snapshot, keys: Sequence[int], most: int
) -> tuple[dict[int, tuple[StoredPassage, Excerpt]], bool]:
    """Return the first passages of a ranking that do not repeat earlier articles, and if any passage was left out.

    An article is only compared with those before it, so that of two that say the same, one keeps every passage.
    """
    kept: dict[int, tuple[StoredPassage, Excerpt]] = {}
    earlier: dict[str, _Words] = {}
    repeated = False
    for start in range(0, len(keys), most):
        stored = snapshot.passages_with_excerpts(keys[start : start + most])
        for key in keys[start : start + most]:
            excerpt = stored[key][1]
            before = takewhile(partial(ne, excerpt.article.id), earlier)
            if any(earlier[one].repeat(excerpt.text) for one in before if one in excerpt.also):
                repeated = True
                continue
            kept[key] = stored[key]
            earlier.setdefault(excerpt.article.id, _Words(snapshot, excerpt))
            if len(kept) == most:
                return kept, repeated
    return kept, repeated


class _Words:
    """The words of an article, as far as they are near a passage of it. They are read when they are needed."""

    def __init__(self, snapshot: Snapshot, excerpt: Excerpt) -> None:
        self._snapshot, self._excerpt = snapshot, excerpt

    def repeat(self, text: str) -> bool:
        """Return True if the article says what a text says, with each of its numbers."""
        own = shingles(text)
        numbers = {word for word in stems(text) if any(map(str.isdigit, word))}
        return len(own & self._shingles) >= _REPEATED * len(own) and numbers <= set(stems(self._text))

    @cached_property
    def _text(self) -> str:
        article, span = self._excerpt.article, self._excerpt.span
        around = Span(start=max(0, span.start - _REACH), end=span.end + _REACH)
        found = self._snapshot.excerpt(article.id, around)
        return found.text if found else ""

    @cached_property
    def _shingles(self) -> set[tuple[str, ...]]:
        return shingles(self._text)
