"""Weak signals that a sentence answers a question: meaning, words, names, and the kind of thing that is asked for.

No one of them decides. ``assistant.answering.calibration`` holds small fitted models that weigh them by name.
All are made so that they do not depend on how large the library is.
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

_terms = lru_cache(maxsize=4096)(terms)  # a passage is the same for each of its sentences

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_NAME = re.compile(r"(?<!^)\b(?:[A-Z][\w’'.-]*|\d[\w.,/-]*)")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_UNITS = "century|centuries|decades?|years?|months?|weeks?|days?|hours?|ago|yesterday|today|tomorrow|noon|midnight"
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?|once"

# What is asked for, how a question asks for it, and what a sentence that has it looks like.
_KINDS = (
    (
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|century|decade)|how (?:long|old)", re.IGNORECASE
        ),
        re.compile(rf"\d+|\b(?:{_MONTHS}|{_DAYS}|{_UNITS})\b", re.IGNORECASE),
    ),
    (
        re.compile(
            r"how (?:many|much|often|far|tall|large|big|high|fast)|percent|what (?:number|amount|price)", re.IGNORECASE
        ),
        re.compile(rf"\d+|\b(?:{_NUMBERS})\b", re.IGNORECASE),
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
    """A question taken apart once."""

    text: str
    terms: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]
    sought: re.Pattern[str] | None

    @classmethod
    def parse(cls, text: str) -> "ParsedQuestion":
        """Content terms as the BM25 index has them, neighbouring terms, names and numbers, and what is sought."""
        every = terms(text)
        return cls(
            text=text,
            terms=tuple(term for term in every if term not in STOP_WORDS),
            pairs=frozenset(pairwise(every)),
            names=frozenset(term for name in _NAME.findall(text) for term in terms(name)) - STOP_WORDS,
            sought=next((has for asks, has in _KINDS if asks.search(text)), None),
        )

    def covered_by(self, found: set[str]) -> float:
        """The share of the content terms that are among those found."""
        return sum(term in found for term in self.terms) / max(1, len(self.terms))

    def has_sought(self, sentence: str) -> bool | None:
        """Whether the sentence has the kind of thing that is sought, beyond the question's own words; None: unknown."""
        if self.sought is None:
            return None
        own = set(_WORD.findall(self.text.lower()))
        return any(match.group().lower() not in own for match in self.sought.finditer(sentence))


def sentence_features(
    question: ParsedQuestion, candidates: Sequence[CandidateSentence], cosine: NDArray[np.float64]
) -> list[Features]:
    """Signals of each candidate sentence; ``cosine`` (n,) is that of question and sentence."""
    best_bm25 = max((candidate.hit.bm25 for candidate in candidates), default=0.0)
    signals = []
    for candidate, similarity in zip(candidates, cosine.tolist(), strict=True):
        words = _terms(candidate.text)
        here, around, passage = set(words), set(_terms(candidate.context)), set(_terms(candidate.passage))
        has_sought = question.has_sought(candidate.text)
        signals.append(
            {
                "cosine": similarity,
                "passage_cosine": candidate.hit.cosine,
                "bm25_share": candidate.hit.bm25 / best_bm25 if best_bm25 else 0.0,
                "first_passage": float(candidate.rank == 0),
                "passage_rank": math.log1p(candidate.rank),
                "coverage": question.covered_by(here),
                "context_coverage": question.covered_by(around),
                "passage_coverage": question.covered_by(passage),
                "pairs": len(question.pairs & set(pairwise(words))) / max(1, len(question.pairs)),
                "names": _share(question.names, here),
                "passage_names": _share(question.names, passage),
                "no_names": float(not question.names),
                "has_sought": float(has_sought is True),
                "lacks_sought": float(has_sought is False),
                "new_words": len(here - set(question.terms) - STOP_WORDS) / max(1, len(here)),
                "length": math.log1p(len(words)),
            }
        )
    return signals


def answer_features(question: ParsedQuestion, signals: Sequence[Features], score: NDArray[np.float64]) -> Features:
    """Signals of the answer as a whole: the best sentence's own, how far it leads, and what the others are like.

    ``score`` (n,) is the log odds of each sentence.
    """
    order = np.argsort(-score, kind="stable")
    leading: Features = {
        "score": float(score[order[0]]),
        "lead": float(score[order[0]] - score[order[1]]) if len(order) > 1 else 0.0,
        "alone": float(len(order) == 1),
        "best_cosine": max(one["cosine"] for one in signals),
        "best_passage_cosine": max(one["passage_cosine"] for one in signals),
        "best_coverage": max(one["coverage"] for one in signals),
        "best_passage_coverage": max(one["passage_coverage"] for one in signals),
        "question_terms": math.log1p(len(question.terms)),
    }
    best: Features = signals[order[0]]
    return best | leading


def _share(names: frozenset[str], found: set[str]) -> float:
    return len(names & found) / len(names) if names else 1.0
