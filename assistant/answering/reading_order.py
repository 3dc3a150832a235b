"""The reading order of candidate sentences: which follows which in an article, and what stands between them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.answering.candidate_sentences import CandidateSentence
from embeddings.text.article import Span


class ReadingOrder:
    """The candidate sentences of a question, each with its neighbours in the article."""

    def __init__(self, sentences: Sequence[CandidateSentence]) -> None:
        by_article: defaultdict[str, list[CandidateSentence]] = defaultdict(list)
        for sentence in sorted(sentences, key=lambda one: one.span.start):
            by_article[sentence.article.id].append(sentence)
        self._after: dict[tuple[str, int], tuple[str, CandidateSentence]] = {}
        self._before: dict[tuple[str, int], tuple[str, CandidateSentence]] = {}
        for before, after in (pair for one in by_article.values() for pair in pairwise(one)):
            if (gap := _gap(before, after)) is not None:
                self._after[_key(before)] = gap, after
                self._before[_key(after)] = gap, before

    def before(self, sentence: CandidateSentence) -> Iterator[tuple[str, CandidateSentence]]:
        """Yield the sentences before one, the nearest first, each with the white space after it.

        They end where a heading stands, or what was not found.
        """
        return self._walk(self._before, sentence)

    def after(self, sentence: CandidateSentence) -> Iterator[tuple[str, CandidateSentence]]:
        """Yield the sentences after one, each with the white space before it, as far as :meth:`before` does."""
        return self._walk(self._after, sentence)

    def _walk(
        self, neighbours: dict[tuple[str, int], tuple[str, CandidateSentence]], sentence: CandidateSentence
    ) -> Iterator[tuple[str, CandidateSentence]]:
        while step := neighbours.get(_key(sentence)):
            yield step
            sentence = step[1]


def _key(sentence: CandidateSentence) -> tuple[str, int]:
    return sentence.article.id, sentence.span.start


def _gap(before: CandidateSentence, after: CandidateSentence) -> str | None:
    """Return the white space between two sentences of an article; None if there is, or may be, something else."""
    if before.span.end > after.span.start:
        return None
    gap = Span(start=before.span.end, end=after.span.start)
    for hit in (before.hit, after.hit):
        if hit.passage.span.contains(gap):
            between = hit.excerpt.cut(gap)
            return None if between.strip() else between
    # There is only white space between two consecutive passages that share no sentence.
    at_passage_limits = (
        before.span.end == before.hit.passage.span.end and after.span.start == after.hit.passage.span.start
    )
    if not (at_passage_limits and before.hit.passage.key + 1 == after.hit.passage.key):
        return None
    return " " if before.paragraph == after.paragraph else "\n\n"
