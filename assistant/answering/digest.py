"""Digests: the few sentences of an article, or of what was found, that say most of it, word for word.

Sentences are ranked by their centrality, as in LexRank (Erkan and Radev 2004): the stationary distribution of a random
walk over the similarities of their vectors. The walk restarts at sentences by a prior: those at the beginning, where
news says what matters, or those near a topic (Otterbacher et al. 2009). Of similar sentences one is taken, by maximal
marginal relevance (Carbonell and Goldstein 1998). The constants are those of these papers, and fitted to nothing.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.answering.catalogue import content_terms
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.draft_answer import DraftAnswer, DraftSentence
from embeddings.retrieval.search import Hit
from embeddings.text.terms import terms

SENTENCES, MANY_SENTENCES = 3, 5  # of a digest, and of one of a long text
LONG = 60  # sentences of a text that is long
MAX_READ = 400  # sentences of a text that are compared, from its beginning
RESTART = 0.15
RELEVANCE = 0.7  # weight of centrality against novelty
_MIN_WORDS = 5
_NEEDS_CONTEXT = re.compile(
    r"(?:(?:and|but|so|yet|then|however|meanwhile),? )?(?:he|she|it|they|this|that|these|those|his|her|their|its)\b|"
    r".*[:?]\Z",
    re.IGNORECASE | re.DOTALL,
)

Vectors = NDArray[np.float32]


class Digester:
    """Makes digests."""

    def __init__(self, vectors: SentenceVectors) -> None:
        self._vectors = vectors

    def of_article(self, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the digest of an article, of which the hits are all passages in reading order."""
        sentences = candidate_sentences(hits)[:MAX_READ]
        vectors = self._vectors.encode([one.text for one in sentences])
        prior = 1 / np.arange(1, len(sentences) + 1)
        return self._draft(sentences, vectors, prior)

    def of_topic(self, topic: str, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the digest of what was found on a topic; an abstention if no passage has half of its words."""
        asked = content_terms(topic)
        about = [hit for hit in hits if 2 * len(asked & {*terms(hit.text), *terms(hit.article.title)}) >= len(asked)]
        sentences = candidate_sentences(about)[:MAX_READ]
        if not sentences:
            return DraftAnswer((), None, "digest", "no_relevant_passage")
        texts = [one.text for one in sentences]
        prior = np.clip(self._vectors.cosine(topic, texts), 1e-6, None)
        return self._draft(sentences, self._vectors.encode(texts), prior)

    def _draft(
        self, sentences: Sequence[CandidateSentence], vectors: Vectors, prior: NDArray[np.float64]
    ) -> DraftAnswer:
        count = MANY_SENTENCES if len(sentences) > LONG else SENTENCES
        chosen = choose_sentences([one.text for one in sentences], vectors, prior, count)
        return DraftAnswer(
            tuple(DraftSentence(sentences[i].text, (sentences[i].quote,)) for i in chosen), None, "digest"
        )


def choose_sentences(texts: Sequence[str], vectors: Vectors, prior: NDArray[np.float64], count: int) -> list[int]:
    """Return the indices, ascending, of the sentences of a digest.

    Sentences that are short, or that mean nothing without the one before them, are only taken if there are no others.

    Args:
        texts: the sentences in reading order.
        vectors: their unit vectors (n, dimension).
        prior: where the random walk restarts (n,), not normalised.
        count: how many to choose.
    """
    similarity = np.clip(vectors @ vectors.T, 0, None).astype(np.float64)
    rank = centrality(similarity, prior)
    rank /= rank.max()
    stands_alone = [len(text.split()) >= _MIN_WORDS and not _NEEDS_CONTEXT.match(text) for text in texts]
    chosen: list[int] = []
    for allowed in (stands_alone, [not alone for alone in stands_alone]):
        remaining = {i for i, is_allowed in enumerate(allowed) if is_allowed}
        while remaining and len(chosen) < count:
            novelty = {i: max(similarity[i, chosen], default=0.0) for i in remaining}
            best = max(sorted(remaining), key=lambda i: RELEVANCE * rank[i] - (1 - RELEVANCE) * novelty[i])
            chosen.append(best)
            remaining.remove(best)
    return sorted(chosen)


def centrality(similarity: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stationary distribution (n,) of the random walk over a matrix of similarities (n, n)."""
    step = similarity / similarity.sum(axis=1, keepdims=True)
    restart = prior / prior.sum()
    n = len(prior)
    # The walk's distribution is the solution of r = RESTART · restart + (1 - RESTART) · stepᵀ r.
    return np.linalg.solve(np.eye(n) - (1 - RESTART) * step.T, RESTART * restart)
