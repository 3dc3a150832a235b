"""Training losses: against the accepted answers, against the teacher's predictions, or a weighted sum of both.

Distillation after Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015). The null answer,
whose logit is 0, is a target like any token, so that the student also learns the teacher's uncertainty.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from training.loss import logsumexp, of_questions
from training.network import TrainableScores
from training.pool.teacher_logits import TeacherLogits
from training.pool.tensors import TokenBatch


def answer_loss(scores: TrainableScores, batch: TokenBatch, holds_weight: float) -> Tensor:
    """Return the loss against the accepted answers; questions with an unlabelled reading have no span loss."""
    known = torch.ones(batch.questions, device=batch.owner.device)
    known = known.scatter_reduce(0, batch.owner, batch.labelled.float(), "amin")
    spans = of_questions(scores.start, batch.inside, batch.starts, batch.owner, batch.questions)
    spans = (spans + of_questions(scores.end, batch.inside, batch.ends, batch.owner, batch.questions)) / 2
    has = batch.starts.any(1).float()
    holds = binary_cross_entropy_with_logits(scores.holds, has, weight=batch.labelled.float(), reduction="sum")
    of_spans = (spans * known).sum() / known.sum().clamp(min=1)
    return of_spans + holds_weight * holds / batch.labelled.sum().clamp(min=1)


@dataclass(frozen=True)
class DistillationLoss:
    """Distillation loss, with ``weight``, plus the loss against the accepted answers, with ``1 - weight``."""

    teacher: TeacherLogits
    weight: float
    holds_weight: float

    def __call__(self, scores: TrainableScores, batch: TokenBatch) -> Tensor:
        """Return the loss of a batch."""
        start, end = self.teacher.start[batch.at].float(), self.teacher.end[batch.at].float()
        spans = (_cross_entropy(scores.start, start, batch) + _cross_entropy(scores.end, end, batch)) / 2
        probability = self.teacher.holds[batch.reading].float().sigmoid()
        taught = spans + self.holds_weight * binary_cross_entropy_with_logits(scores.holds, probability)
        return self.weight * taught + (1 - self.weight) * answer_loss(scores, batch, self.holds_weight)


def _cross_entropy(logits: Tensor, taught: Tensor, batch: TokenBatch) -> Tensor:
    """Return the mean cross-entropy to the teacher, over a question's passage tokens and the null answer."""
    null = logits.new_zeros(batch.questions)
    student = logsumexp(logits.masked_fill(~batch.inside, -torch.inf), batch.owner, null)
    teacher = logsumexp(taught.masked_fill(~batch.inside, -torch.inf), batch.owner, null)
    likely = (taught - teacher[batch.owner, None]).exp().masked_fill(~batch.inside, 0)
    surprise = (student[batch.owner, None] - logits).masked_fill(~batch.inside, 0)
    of_null = (-teacher).exp() * student
    return of_null.index_add(0, batch.owner, (likely * surprise).sum(1)).mean()
