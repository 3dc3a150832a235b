"""A question as it was read, with its passages and its draft."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.draft_answer import DraftAnswer
from assistant.request import Message
from embeddings.retrieval.search import Hit

_LEAST = 1e-4  # probability; a confidence is rounded to it


class DraftedQuestion(NamedTuple):
    """A question as it was read, the passages that were found for it, and what is drafted from them."""

    question: str
    hits: Sequence[Hit]
    draft: DraftAnswer

    @property
    def confidence(self) -> float:
        """The confidence of the draft, from 0 to 1; 0 if it has none."""
        return self.draft.confidence or 0.0

    @property
    def turns(self) -> list[Message]:
        """The question and its answer as turns of a conversation, to which a later question may refer."""
        said = self.draft.short_answer or " ".join(one.text for one in self.draft.sentences)
        answer = [Message(role="assistant", content=said)] if said else []
        return [Message(role="user", content=self.question), *answer]

    def agreed(self, other: "DraftedQuestion") -> "DraftedQuestion":
        """Return this question as two readings of it answer it: their confidence is the mean of the log odds.

        From the threshold on the more certain reading's draft is given, and below it the other's, which abstains.
        """
        low, high = sorted((self, other), key=lambda one: one.confidence)
        odds = math.sqrt(_odds(low.confidence) * _odds(high.confidence))
        confidence = round(odds / (1 + odds), 4)
        chosen = high if confidence >= (high.draft.threshold or 0) else low
        return DraftedQuestion(self.question, chosen.hits, replace(chosen.draft, confidence=confidence))


def _odds(probability: float) -> float:
    probability = min(max(probability, _LEAST), 1 - _LEAST)
    return probability / (1 - probability)
