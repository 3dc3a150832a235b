"""What a question takes for granted, held against the sentences: signals beside those of ``assistant.signals``.

A question that looks answerable and is not names another year, another person or the opposite of what is told.
"""

import math
from collections.abc import Sequence
from functools import cache, partial

from assistant.candidate import Candidate
from assistant.facts import missing
from assistant.polarity import opposed, turned
from assistant.signals import Question, Signals
from embeddings.words import stems


def premises(question: Question, candidates: Sequence[Candidate]) -> list[Signals]:
    """Of each sentence how many facts and words of the question its passage lacks, and whether it turns one round."""
    asked = stems(question.text)
    lacking = cache(partial(_lacking, question))
    signals = []
    for one in candidates:
        here = stems(one.text)
        turning = {"negated": float(turned("negation", asked, here)), "opposed": float(opposed(asked, here))}
        signals.append(lacking(f"{one.article.title}\n{one.passage}") | turning)
    return signals


def _lacking(question: Question, passage: str) -> Signals:
    there = set(stems(passage))
    return {
        "facts_missing": math.log1p(len(missing(question.text, passage))),
        "terms_missing": math.log1p(sum(term not in there for term in question.terms)),
    }
