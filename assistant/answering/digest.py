"""Digests: the few sentences of an article, or of what was found, that say most of it, word for word.

A sentence of an article is central if what follows is similar to it, as in PacSum (Zheng and Lapata 2019), which knows
that articles say first what matters. On a topic, a sentence is central if it is near the topic and all others are
similar to it. Of similar sentences one is taken, by maximal marginal relevance (Carbonell and Goldstein 1998). Nothing
here is fitted.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.answering.catalogue import content_terms
from assistant.answering.code_lines import prose
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.conversation.function_words import CONNECTIVE, REFERRING
from assistant.draft_answer import DraftAnswer, DraftSentence
from embeddings.retrieval.search import Hit
from embeddings.text.terms import terms

SENTENCES, MANY_SENTENCES = 3, 5  # of a digest, and of one of a long text
LONG = 60  # sentences of a text that is long
MAX_READ = 400  # sentences of a text that are compared, from its beginning
RELEVANCE = 0.5  # weight of centrality against novelty
_MIN_WORDS = 5
_REFERS_BACK = re.compile(rf"{CONNECTIVE}(?:{REFERRING})\b", re.IGNORECASE)

Floats = NDArray[np.float64]


class Digester:
    """Makes digests."""

    def __init__(self, vectors: SentenceVectors) -> None:
        self._vectors = vectors

    def of_article(self, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the digest of an article, of which the hits are all passages in reading order."""
        sentences = prose(candidate_sentences(hits))[:MAX_READ]
        similarity = self._similarity(sentences)
        return _draft(sentences, similarity, np.triu(votes(similarity)).sum(axis=1))

    def of_topic(self, topic: str, hits: Sequence[Hit]) -> DraftAnswer:
        """Return the digest of what was found on a topic; an abstention if no passage has half of its words."""
        asked = content_terms(topic)
        about = [hit for hit in hits if 2 * len(asked & {*terms(hit.text), *terms(hit.article.title)}) >= len(asked)]
        sentences = prose(candidate_sentences(about))[:MAX_READ]
        if not sentences:
            return DraftAnswer((), None, "digest", "no_relevant_passage")
        similarity = self._similarity(sentences)
        nearness = np.clip(self._vectors.cosine(topic, [one.text for one in sentences]), 0, None)
        return _draft(sentences, similarity, nearness * (1 + votes(similarity).mean(axis=1)))

    def _similarity(self, sentences: Sequence[CandidateSentence]) -> Floats:
        vectors = self._vectors.encode([one.text for one in sentences])
        similarity: Floats = np.clip(vectors @ vectors.T, 0, None).astype(np.float64)
        return similarity


def _draft(sentences: Sequence[CandidateSentence], similarity: Floats, centrality: Floats) -> DraftAnswer:
    count = MANY_SENTENCES if len(sentences) > LONG else SENTENCES
    chosen = choose_sentences([one.text for one in sentences], similarity, centrality, count)
    drafts = (DraftSentence(sentences[i].text, (sentences[i].quote,)) for i in chosen)
    return DraftAnswer(tuple(drafts), None, "digest")


def votes(similarity: Floats) -> Floats:
    """Return by how much each two sentences are more similar than sentences of the text are on average, or 0 (n, n)."""
    others = similarity * (1 - np.eye(len(similarity)))
    above: Floats = np.clip(others - others.sum() / max(1, others.size - len(others)), 0, None)
    return above


def choose_sentences(texts: Sequence[str], similarity: Floats, centrality: Floats, count: int) -> list[int]:
    """Return the indices, ascending, of the sentences of a digest.

    Sentences that are short, or that mean nothing without the one before them, are only taken if there are no others.

    Args:
        texts: the sentences in reading order.
        similarity: of each two of them (n, n), from 0 to 1.
        centrality: of each of them (n,), at least 0.
        count: how many to choose.
    """
    relevance = centrality / (centrality.max() or 1)
    stands_alone = [
        len(text.split()) >= _MIN_WORDS and not text.endswith((":", "?")) and not _REFERS_BACK.match(text)
        for text in texts
    ]
    chosen: list[int] = []
    for allowed in (True, False):
        remaining = [i for i, alone in enumerate(stands_alone) if alone is allowed]
        while remaining and len(chosen) < count:
            novelty = [max(similarity[i, chosen], default=0.0) for i in remaining]
            gain = RELEVANCE * relevance[remaining] - (1 - RELEVANCE) * np.array(novelty)
            chosen.append(remaining.pop(int(gain.argmax())))
    return sorted(chosen)
