"""Answers below a heading: what an article says right below the question that the user asks, word for word."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.answering.asked_headings import asked_headings
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.evidence import with_evidence
from assistant.answering.heading_match import TitledHeading, heading_features, load_heading_model
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.draft_answer import DraftAnswer
from embeddings.retrieval.search import Hit

LEAST = 0.5  # probability that a heading asks the same, however much risk is accepted


def below_heading(question: str, hits: Sequence[Hit], draft: DraftAnswer, vectors: SentenceVectors) -> DraftAnswer:
    """Return a draft, or the answer below the question as one of the passages asks it, if that is likely enough.

    A draft from below the same heading stays if it has a short answer; else what begins there comes first.

    Args:
        question: the question.
        hits: the passages that were found for it.
        draft: what is drafted from their sentences, with the threshold of an answer.
        vectors: encodes the question and the headings.
    """
    model = load_heading_model()
    headings = asked_headings(hits) if model.encoder == vectors.revision else []
    if not headings or draft.threshold is None:
        return draft
    features = heading_features(question, [TitledHeading(one.title, one.text) for one in headings], vectors)
    probabilities = [model.same.probability(one) for one in features]
    best = int(np.argmax(probabilities))
    confidence = round(probabilities[best], 4)
    if confidence < max(draft.threshold, LEAST):
        return draft
    heading = headings[best]
    quoted = {(quote.article_id, quote.span) for one in draft.sentences for quote in one.quotes}
    below = [one for one in heading.section if (one.article.id, one.span) in quoted]
    if below and draft.short_answer:
        return replace(draft, confidence=max(confidence, draft.confidence or 0.0))
    selected = [*heading.opening, *below]
    drafts = with_evidence(question, selected[0], None, selected, candidate_sentences(hits))
    return replace(draft, sentences=drafts, confidence=confidence, reason=None, short_answer=None)
