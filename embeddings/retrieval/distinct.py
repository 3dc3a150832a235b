"""Distinct passages: of those of near-duplicates that say the same, the best."""

from collections.abc import Collection, Sequence

from embeddings.storage.snapshot import Snapshot
from embeddings.text.article import Excerpt, Span
from embeddings.text.minhash import shingles
from embeddings.text.passage import StoredPassage
from embeddings.text.terms import stems

_REPEATED = 0.75  # of a passage's word shingles


def first_distinct(
    snapshot: Snapshot, keys: Sequence[int], most: int
) -> tuple[dict[int, tuple[StoredPassage, Excerpt]], bool]:
    """Return the first passages of a ranking that do not repeat earlier ones, and if any passage was left out."""
    kept: dict[int, tuple[StoredPassage, Excerpt]] = {}
    repeated = False
    for start in range(0, len(keys), most):
        block = keys[start : start + most]
        stored = snapshot.passages_with_excerpts(block)
        for key in block:
            if _repeats(stored[key][1], [excerpt for _, excerpt in kept.values()], snapshot):
                repeated = True
            else:
                kept[key] = stored[key]
            if len(kept) == most:
                return kept, repeated
    return kept, repeated


def _repeats(excerpt: Excerpt, kept: Collection[Excerpt], snapshot: Snapshot) -> bool:
    """Return True if a passage is in the text around kept ones of near-duplicates, with each of its numbers."""
    near = [_surroundings(other, snapshot) for other in kept if other.article.id in excerpt.also]
    if not near:
        return False
    own, known = shingles(excerpt.text), set().union(*map(shingles, near))
    numbers = {term for term in stems(excerpt.text) if any(map(str.isdigit, term))}
    return len(own & known) >= _REPEATED * len(own) and numbers <= {term for text in near for term in stems(text)}


def _surroundings(excerpt: Excerpt, snapshot: Snapshot) -> str:
    """Return the text of a passage and as much before and after it: the other article may be cut elsewhere."""
    span, length = excerpt.span, len(excerpt.text)
    around = snapshot.excerpt(excerpt.article.id, Span(start=max(0, span.start - length), end=span.end + length))
    return around.text if around else excerpt.text
