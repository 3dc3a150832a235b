"""What the small reader learns from the teacher: its soft spans over all passages of a question, and its doubt.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015). The teacher's null answer, whose logit
is 0, is a target like any token; so the student learns where the teacher doubts, and how much.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import Module
from torch.nn.functional import binary_cross_entropy_with_logits

from training.batches import Batch, Batches
from training.examples import Example
from training.loss import Wanted, logsumexp, loss
from training.teacher.scores import Soft
from training.train import READINGS, forward


@dataclass(frozen=True)
class Distil:
    """The objective: what the teacher says by its weight, and the accepted answers by what is left of one."""

    batches: Batches
    soft: Mapping[Example, Sequence[Soft]]
    holds_weight: float
    teacher_weight: float

    def __call__(self, network: Module, examples: Sequence[Example]) -> Tensor:
        """The loss of a step."""
        scores, parts, joined = forward(network, self.batches.of(examples, READINGS))
        wanted = Wanted(
            joined([part.inside for part in parts]),
            joined([part.starts for part in parts]),
            joined([part.ends for part in parts]),
            torch.cat([part.owner for part in parts]),
        )
        start = joined([self._taught(part, examples, 0) for part in parts])
        end = joined([self._taught(part, examples, 1) for part in parts])
        spans = (shared(scores.start, start, wanted) + shared(scores.end, end, wanted)) / 2
        doubt = torch.tensor([one.holds for part in parts for one in self._said(part, examples)]).to(start.device)
        taught = spans + self.holds_weight * binary_cross_entropy_with_logits(scores.has_answer, doubt.sigmoid())
        return self.teacher_weight * taught + (1 - self.teacher_weight) * loss(scores, wanted, self.holds_weight)

    def _said(self, part: Batch, examples: Sequence[Example]) -> list[Soft]:
        places = zip(part.owner.tolist(), part.number.tolist(), strict=True)
        return [self.soft[examples[owner]][number] for owner, number in places]

    def _taught(self, part: Batch, examples: Sequence[Example], side: int) -> Tensor:
        """The teacher's logits (n, tokens) of starts or ends; the tokens that it did not name share what is left."""
        rows = []
        inside = part.inside.tolist()
        for row, one in enumerate(self._said(part, examples)):
            named, other = ((one.starts, one.other_start), (one.ends, one.other_end))[side]
            at = part.chars[row, :, side].tolist()
            left = sum(is_in and char not in named for is_in, char in zip(inside[row], at, strict=True))
            rest = other - math.log(max(1, left))
            rows.append([named.get(char, rest) for char in at])
        return torch.tensor(rows, device=part.ids.device)


def shared(logits: Tensor, taught: Tensor, wanted: Wanted) -> Tensor:
    """The cross-entropy to what is taught, over all tokens of a question's passages and the null answer; its mean."""
    null = logits.new_zeros(int(wanted.owner.max()) + 1)
    student = logsumexp(logits.masked_fill(~wanted.inside, -torch.inf), wanted.owner, null)
    teacher = logsumexp(taught.masked_fill(~wanted.inside, -torch.inf), wanted.owner, null)
    likely = (taught - teacher[wanted.owner, None]).exp().masked_fill(~wanted.inside, 0)
    surprise = (student[wanted.owner, None] - logits).masked_fill(~wanted.inside, 0)
    of_null = (-teacher).exp() * student
    return (of_null.index_add(0, wanted.owner, (likely * surprise).sum(1))).mean()
