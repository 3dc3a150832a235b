"""Features of what a question presupposes, held against the sentences.

A question that looks answerable and is not names another year, another person or the opposite of what is told.
"""

import math
from collections.abc import Sequence
from functools import cache, partial

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.features import ParsedQuestion
from assistant.grounding.facts import missing_facts
from assistant.grounding.polarity import has_antonym, scope_differs
from assistant.reading.logistic import Features
from embeddings.text.terms import stems


def presupposition_features(question: ParsedQuestion, candidates: Sequence[CandidateSentence]) -> list[Features]:
    """Of each sentence how many facts and words of the question its passage lacks, and whether it turns one round."""
    asked = stems(question.text)
    lacking = cache(partial(_lacking, question))
    signals = []
    for one in candidates:
        here = stems(one.text)
        turning = {"negated": float(scope_differs("negation", asked, here)), "opposed": float(has_antonym(asked, here))}
        signals.append(lacking(f"{one.article.title}\n{one.passage}") | turning)
    return signals


def _lacking(question: ParsedQuestion, passage: str) -> Features:
    there = set(stems(passage))
    return {
        "facts_missing": math.log1p(len(missing_facts(question.text, passage))),
        "terms_missing": math.log1p(sum(term not in there for term in question.terms)),
    }
