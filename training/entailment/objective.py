"""The losses of the checkers: of classes that are given as a set, and of a teacher's probabilities."""

import torch
from torch import Tensor

from training.entailment.arrays import PairBatch


class ClassLoss:
    """Minus the log probability of a pair's set of classes, mixed with the cross entropy of a teacher."""

    def __init__(self, teacher: Tensor | None = None, weight: float = 0.0) -> None:
        self._teacher, self._weight = teacher, weight

    def __call__(self, logits: Tensor, batch: PairBatch) -> Tensor:
        """Return the mean loss of a batch."""
        each = logits.log_softmax(1)
        bits = torch.tensor([1, 2, 4], device=logits.device)
        allowed = (batch.classes[:, None].int() & bits) > 0
        loss = -each.masked_fill(~allowed, -torch.inf).logsumexp(1).mean()
        if self._teacher is None:
            return loss
        told = self._teacher[batch.reading].softmax(1)
        return (1 - self._weight) * loss - self._weight * (told * each).sum(1).mean()
