"""Features of candidate sentences: meaning, words, names, and the expected answer type.

No feature decides alone: the fitted models of ``assistant.answering.calibration`` weigh them by name. None depends on
the size of the library.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.reading.logistic import Features
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import terms

_terms = lru_cache(maxsize=4096)(terms)  # cached because all sentences of a passage share its terms

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_NAME = re.compile(r"(?<!^)\b(?:[A-Z][\w’'.-]*|\d[\w.,/-]*)")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_TIME_WORDS = "century|centuries|decades?|years?|months?|weeks?|days?|hours?|ago|yesterday|today|tomorrow|noon|midnight"
_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?|once"

# Expected answer types: how a question asks for each of them, and what a sentence that has one looks like.
_ANSWER_TYPES = (
    (
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|century|decade)|how (?:long|old)", re.IGNORECASE
        ),
        re.compile(rf"\d+|\b(?:{_MONTHS}|{_DAYS}|{_TIME_WORDS})\b", re.IGNORECASE),
    ),
    (
        re.compile(
            r"how (?:many|much|often|far|tall|large|big|high|fast)|percent|what (?:number|amount|price)", re.IGNORECASE
        ),
        re.compile(rf"\d+|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    ),
    (
        re.compile(
            r"\bwho(?:se|m)?\b|\bwhere\b|\b(?:what|which) (?:country|city|state|place|town|region|name)", re.IGNORECASE
        ),
        re.compile(r"(?<!^)(?<![.!?“\"] )\b[A-Z][\w’'-]+"),
    ),
    (
        re.compile(r"\bwhy\b|what (?:reason|caused?)", re.IGNORECASE),
        re.compile(
            r"\b(?:because|due to|since|as a result|so|in order|owing|caus\w+|reason\w*|le(?:a)?ds? to)\b",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True)
class ParsedQuestion:
    """A question and what the features need of it.

    ``terms`` are its content terms as the BM25 index has them, ``bigrams`` its neighbouring terms, ``names`` the terms
    of its names and numbers, and ``answer_pattern`` what an answer of the expected type looks like, if that is known.
    """

    text: str
    terms: tuple[str, ...]
    bigrams: frozenset[tuple[str, str]]
    names: frozenset[str]
    answer_pattern: re.Pattern[str] | None

    @classmethod
    def parse(cls, text: str) -> "ParsedQuestion":
        """Parse the text of a question."""
        all_terms = terms(text)
        return cls(
            text=text,
            terms=tuple(term for term in all_terms if term not in STOP_WORDS),
            bigrams=frozenset(pairwise(all_terms)),
            names=frozenset(term for name in _NAME.findall(text) for term in terms(name)) - STOP_WORDS,
            answer_pattern=next((answer for question, answer in _ANSWER_TYPES if question.search(text)), None),
        )

    def coverage(self, found: set[str]) -> float:
        """Return the share of the question's content terms that are among the given terms."""
        return sum(term in found for term in self.terms) / max(1, len(self.terms))

    def has_answer_type(self, sentence: str) -> bool | None:
        """True if the sentence has something of the expected type that the question does not; None if it is unknown."""
        if self.answer_pattern is None:
            return None
        question_words = set(_WORD.findall(self.text.lower()))
        return any(match.group().lower() not in question_words for match in self.answer_pattern.finditer(sentence))


def sentence_features(question: ParsedQuestion, candidates: Sequence[CandidateSentence]) -> list[Features]:
    """Return the features of each candidate."""
    best_bm25 = max((candidate.hit.bm25 for candidate in candidates), default=0.0)
    features = []
    for candidate in candidates:
        words = _terms(candidate.text)
        sentence, context, passage = set(words), set(_terms(candidate.context)), set(_terms(candidate.passage))
        has_answer_type = question.has_answer_type(candidate.text)
        features.append(
            {
                "passage_cosine": candidate.hit.cosine,
                "bm25_share": candidate.hit.bm25 / best_bm25 if best_bm25 else 0.0,
                "first_passage": float(candidate.rank == 0),
                "passage_rank": math.log1p(candidate.rank),
                "coverage": question.coverage(sentence),
                "context_coverage": question.coverage(context),
                "passage_coverage": question.coverage(passage),
                "pairs": len(question.bigrams & set(pairwise(words))) / max(1, len(question.bigrams)),
                "names": _share(question.names, sentence),
                "passage_names": _share(question.names, passage),
                "no_names": float(not question.names),
                "has_sought": float(has_answer_type is True),
                "lacks_sought": float(has_answer_type is False),
                "new_words": len(sentence - set(question.terms) - STOP_WORDS) / max(1, len(sentence)),
                "length": math.log1p(len(words)),
            }
        )
    return features


def answer_features(
    question: ParsedQuestion, sentences: Sequence[Features], scores: NDArray[np.float64], check: Features
) -> Features:
    """Return the features of an answer: those of its best sentence, its lead, and the best values of all sentences.

    Args:
        question: the question.
        sentences: the features of each candidate sentence, at least one.
        scores: the log odds (n,) that each sentence answers.
        check: what the checker says of the best one; empty without a reader.
    """
    order = np.argsort(-scores, kind="stable")
    best: Features = sentences[order[0]]
    return (
        best
        | check
        | {
            "score": float(scores[order[0]]),
            "lead": float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else 0.0,
            "alone": float(len(order) == 1),
            "best_passage_cosine": max(one["passage_cosine"] for one in sentences),
            "best_coverage": max(one["coverage"] for one in sentences),
            "best_passage_coverage": max(one["passage_coverage"] for one in sentences),
            "question_terms": math.log1p(len(question.terms)),
        }
    )


def _share(names: frozenset[str], found: set[str]) -> float:
    return len(names & found) / len(names) if names else 1.0
