"""Presupposition features: what a question takes for granted, compared with each candidate sentence.

A question that looks answerable and is not names another year or person than the article, or asks for the opposite.
"""

import math
from collections.abc import Sequence

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.features import ParsedQuestion
from assistant.grounding.facts import missing_facts
from assistant.grounding.polarity import has_antonym, scope_differs
from assistant.reading.logistic import Features
from embeddings.text.terms import stems


def presupposition_features(question: ParsedQuestion, candidates: Sequence[CandidateSentence]) -> list[Features]:
    """Return for each sentence what of the question its passage lacks, and whether its polarity differs."""
    question_stems = stems(question.text)
    passages = {_passage_text(one) for one in candidates}
    missing = {passage: _missing_features(question, passage) for passage in passages}
    features = []
    for candidate in candidates:
        sentence_stems = stems(candidate.text)
        polarity = {
            "negated": float(scope_differs("negation", question_stems, sentence_stems)),
            "opposed": float(has_antonym(question_stems, sentence_stems)),
        }
        features.append(missing[_passage_text(candidate)] | polarity)
    return features


def _passage_text(candidate: CandidateSentence) -> str:
    return f"{candidate.article.title}\n{candidate.passage}"


def _missing_features(question: ParsedQuestion, passage: str) -> Features:
    """Return how many facts and content terms of the question a passage lacks, each as log(1 + count)."""
    passage_stems = set(stems(passage))
    return {
        "facts_missing": math.log1p(len(missing_facts(question.text, passage))),
        "terms_missing": math.log1p(sum(term not in passage_stems for term in question.terms)),
    }
