"""The reader's loss: cross-entropy over all tokens of all passages of a question, and the null answer.

Shared normalisation as in Clark and Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension" (2018); the
likelihoods of several accepted answers are summed.
"""

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

if TYPE_CHECKING:
    from assistant.reading.network import Scores


class Wanted(NamedTuple):
    """The targets of n readings.

    ``inside`` (n, tokens) is True at the tokens of passages, ``starts`` and ``ends`` (n, tokens) where an accepted
    answer starts and ends; ``owner`` (n,) is the index of each reading's question, from 0.
    """

    inside: Tensor
    starts: Tensor
    ends: Tensor
    owner: Tensor


def loss(scores: "Scores", wanted: Wanted, holds_weight: float) -> Tensor:
    """Return the mean span loss per question plus ``holds_weight`` times the mean answerability loss per reading."""
    start = _shared(scores.start, wanted.inside, wanted.starts, wanted.owner)
    end = _shared(scores.end, wanted.inside, wanted.ends, wanted.owner)
    holds = binary_cross_entropy_with_logits(scores.has_answer, wanted.starts.any(1).float())
    return (start + end) / 2 + holds_weight * holds


def _shared(logits: Tensor, inside: Tensor, right: Tensor, owner: Tensor) -> Tensor:
    return of_questions(logits, inside, right, owner, int(owner.max()) + 1).mean()


def of_questions(logits: Tensor, inside: Tensor, right: Tensor, owner: Tensor, questions: int) -> Tensor:
    """Return each question's loss: the negative log-likelihood of its right tokens, or of the null answer if none."""
    null = logits.new_zeros(questions)
    every = logsumexp(logits.masked_fill(~inside, -torch.inf), owner, null)
    answerable = null.index_add(0, owner, right.any(1).float()) > 0
    wanted = logsumexp(logits.masked_fill(~right, -torch.inf), owner, null.masked_fill(answerable, -torch.inf))
    return every - wanted


def logsumexp(logits: Tensor, owner: Tensor, null: Tensor) -> Tensor:
    """Return the log-sum-exp over the null answer and all tokens of each question.

    Args:
        logits: the logits of the readings' tokens (n, tokens).
        owner: the index of each reading's question (n,).
        null: the logit of each question's null answer (questions,).
    """
    most = logits.amax(1).detach()
    top = null.detach().scatter_reduce(0, owner, most, "amax").clamp(min=-1e4)
    total = (null - top).exp().index_add(0, owner, (logits - top[owner, None]).exp().sum(1))
    return total.log() + top
