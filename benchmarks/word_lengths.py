"""BM25 with the lengths of texts as they are, or as tantivy stores them: which of the two explains a ranking."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import log

from embeddings.retrieval.bm25_schema import BOOSTS
from embeddings.text.passage import IndexedPassage
from embeddings.text.terms import stems, terms

K1, B = 1.2, 0.75  # tantivy's, and those that Milvus is given
Length = Callable[[int], int]


def stored_length(length: int) -> int:
    """Return the length that tantivy computes with: one byte holds it, as in Lucene's SmallFloat."""
    return _STORED[bisect_right(_STORED, length) - 1]


def _decoded(byte: int) -> int:
    """Return the length of a byte: exact below 24, and above it three bits after the first one."""
    above = byte - 24
    return byte if above < 8 else 24 + ((above & 7 | 8) << (above >> 3) - 1)


_STORED = [_decoded(byte) for byte in range(256)]


class FieldBm25:
    """BM25 over one field of passages, which are numbered from 0."""

    def __init__(self, texts: Sequence[Sequence[str]], boost: float) -> None:
        self._lengths = [len(text) for text in texts]
        self._average = sum(self._lengths) / len(texts)
        self._boost = boost
        self._postings = defaultdict[str, list[tuple[int, int]]](list)
        for number, text in enumerate(texts):
            for term, count in Counter(text).items():
                self._postings[term].append((number, count))

    def add(self, scores: dict[int, float], term: str, length: Length) -> None:
        """Add a term's score to that of each passage whose field has it."""
        found = self._postings.get(term, [])
        idf = log(1 + (len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
        for number, count in found:
            norm = K1 * (1 - B + B * length(self._lengths[number]) / self._average)
            scores[number] += self._boost * idf * (K1 + 1) * count / (count + norm)


class Bm25Reference:
    """BM25 over the bodies and titles of passages, in double precision and without an index."""

    def __init__(self, passages: Iterable[IndexedPassage]) -> None:
        read = [(one.key, stems(one.text), stems(one.title)) for one in passages]
        self._keys = [key for key, _, _ in read]
        self._fields = (
            FieldBm25([body for _, body, _ in read], BOOSTS.body),
            FieldBm25([title for _, _, title in read], BOOSTS.title),
        )

    def best(self, query: str, k: int, length: Length) -> list[int]:
        """Return the keys of the ``k`` best passages, ordered as in the index: by score, then by key."""
        scores = defaultdict[int, float](float)
        for term in terms(query):
            for field in self._fields:
                field.add(scores, term, length)
        return [self._keys[number] for number in sorted(scores, key=lambda one: (-scores[one], one))[:k]]
