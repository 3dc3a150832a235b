"""The loss: one softmax over all tokens of all passages of a question, and the null answer.

Shared normalisation after Clark and Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension" (2018), with
the likelihood of all accepted answers together.
"""

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

if TYPE_CHECKING:
    from assistant.reading.network import Scores


class Wanted(NamedTuple):
    """What n readings should have said.

    ``inside`` (n, tokens) is True at the tokens of passages, ``starts`` and ``ends`` (n, tokens) where an accepted
    answer starts and ends; ``owner`` (n,) is the number of each reading's question, from 0.
    """

    inside: Tensor
    starts: Tensor
    ends: Tensor
    owner: Tensor


def loss(scores: "Scores", wanted: Wanted, holds_weight: float) -> Tensor:
    """The mean loss of a question's spans, and that of ``holds``, by its weight, of a reading."""
    start = _shared(scores.start, wanted.inside, wanted.starts, wanted.owner)
    end = _shared(scores.end, wanted.inside, wanted.ends, wanted.owner)
    holds = binary_cross_entropy_with_logits(scores.has_answer, wanted.starts.any(1).float())
    return (start + end) / 2 + holds_weight * holds


def _shared(logits: Tensor, inside: Tensor, right: Tensor, owner: Tensor) -> Tensor:
    return of_questions(logits, inside, right, owner, int(owner.max()) + 1).mean()


def of_questions(logits: Tensor, inside: Tensor, right: Tensor, owner: Tensor, questions: int) -> Tensor:
    """The loss of each question: how unlikely its right tokens are together, or the null answer where it has none."""
    null = logits.new_zeros(questions)
    every = logsumexp(logits.masked_fill(~inside, -torch.inf), owner, null)
    answerable = null.index_add(0, owner, right.any(1).float()) > 0
    wanted = logsumexp(logits.masked_fill(~right, -torch.inf), owner, null.masked_fill(answerable, -torch.inf))
    return every - wanted


def logsumexp(logits: Tensor, owner: Tensor, null: Tensor) -> Tensor:
    """Over the null answer and all the tokens of each question."""
    most = logits.amax(1).detach()
    top = null.detach().scatter_reduce(0, owner, most, "amax").clamp(min=-1e4)
    total = (null - top).exp().index_add(0, owner, (logits - top[owner, None]).exp().sum(1))
    return total.log() + top
