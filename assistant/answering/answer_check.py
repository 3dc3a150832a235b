"""What the checker says of an answer: whether the sentence supports the question with its short answer.

A reader finds the likeliest answer; a network trained on entailment tells whether it is one. After Chen, Choi and
Durrett, "Can NLI Models Verify QA Systems' Predictions?" (2021), without a rewriting of the question as a statement.
"""

import math

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.reader_features import best_span
from assistant.grounding.entailment import Checker
from assistant.reading.logistic import Features

_LEAST = 1e-6  # below it, and above its complement, probabilities are not told apart


def check_features(question: str, sentence: CandidateSentence, checker: Checker) -> Features:
    """Return what the checker says of the short answer in a sentence: see :func:`check_short_answer`."""
    best = best_span(sentence)
    answer = sentence.hit.excerpt.cut(best.span) if best else sentence.text
    return check_short_answer(question, answer, sentence.text, checker)


def check_short_answer(question: str, answer: str, sentence: str, checker: Checker) -> Features:
    """Return the log odds that a sentence supports, and that it contradicts, a question with its short answer.

    Raises:
        ReaderUnavailable: the checker's weights do not load.
    """
    (read,) = checker.read(as_statement(question, answer), [sentence])
    return {"supported": _log_odds(read.supported), "contradicted": _log_odds(read.contradicted)}


def as_statement(question: str, answer: str) -> str:
    """Return a question with its short answer, as the checker reads them."""
    return f"{question} {answer}."


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))
