"""Token-level metrics on held-out items, as a quick check during training.

The authoritative metrics are those of :mod:`training.measure` and of ``assistant eval``.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from evals.metrics.selection import auroc
from training.network import TrainableReader, TrainableScores
from training.pool.arrays import ANSWERED, Pool
from training.pool.tensors import Tensors, TokenBatch

LONGEST = 30  # tokens of an answer at most


def sets(pool: Pool, held_out: Sequence[str]) -> dict[str, NDArray[np.integer]]:
    """Return the readings of each held-out set that is not empty: SQuAD pages, original and packed, and twins."""
    kept = pool.of(["held_out"])
    squad = kept[np.char.startswith(pool.sources[pool.source[kept]], "squad2")]
    twins = np.flatnonzero(np.isin(pool.sources[pool.source], list(held_out)))
    found = {"squad": pool.readings[squad, 0], "packed": pool.readings[squad, 1], "twins": pool.readings[twins, 0]}
    return {name: readings for name, readings in found.items() if len(readings)}


def batches(length: NDArray[np.integer], readings: NDArray[np.integer], tokens: int) -> Iterator[NDArray[np.integer]]:
    """Yield the readings in batches of similar length, with at most ``tokens`` tokens or a single longer reading."""
    order = readings[np.argsort(length[readings])]
    first = 0
    while first < len(order):
        last = min(len(order), first + max(1, tokens // int(length[order[first]])))
        while last > first + 1 and (last - first) * int(length[order[last - 1]]) > tokens:
            last -= max(1, (last - first) // 16)
        yield order[first:last]
        first = last


@torch.inference_mode()
def measure(network: TrainableReader, tensors: Tensors, pool: Pool, readings: NDArray[np.integer]) -> dict[str, float]:
    """Return the metrics of a network on some readings.

    Returns:
        ``exact`` and ``f1``, the exact match and token F1 of the best span, over answerable readings; ``auroc_*``, the
        AUROC of answerability by the best span's score (``span``), by the answerability logit (``holds``), by the
        log-sum-exp of the start logits (``null``), and by the sum of the first two (``both``); and ``wrong_at_80``, the
        share of unanswerable readings accepted at the threshold of ``both`` that accepts 80% of the answerable ones.
    """
    network.eval()
    rows = []
    for some in batches(tensors.length, readings, 65_536):
        batch = tensors.batch(some)
        scores = network(batch)
        start, end, best = spans(scores, batch)
        doubt = torch.logsumexp(scores.start.masked_fill(~batch.inside, -torch.inf), 1)
        rows.append(torch.stack([start.float(), end.float(), best, scores.holds, doubt], 1).cpu().numpy())
    order = np.concatenate(list(batches(tensors.length, readings, 65_536)))
    start, end, best, holds, doubt = np.concatenate(rows).T
    answerable = pool.label[order] == ANSWERED
    alike = [_alike(tensors, int(r), s, e) for r, s, e in zip(order, start, end, strict=True) if pool.label[r] == 1]
    exact, overlap = np.mean(np.array(alike).reshape(-1, 2), 0)
    both = best + holds
    cut = np.quantile(both[answerable], 0.2)
    return {
        "exact": float(exact),
        "f1": float(overlap),
        "auroc_span": auroc(best, answerable),
        "auroc_holds": auroc(holds, answerable),
        "auroc_null": auroc(doubt, answerable),
        "auroc_both": auroc(both, answerable),
        "wrong_at_80": float((both[~answerable] > cut).mean()),
    }


def spans(scores: TrainableScores, batch: TokenBatch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the first token, last token and score of the best span of each reading, each (n,)."""
    start = scores.start.masked_fill(~batch.inside, -1e4)
    end = scores.end.masked_fill(~batch.inside, -1e4)
    every = start[:, :, None] + end[:, None, :]
    tokens = every.shape[1]
    allowed = torch.ones((tokens, tokens), dtype=torch.bool, device=every.device).triu().tril(LONGEST - 1)
    score, at = every.masked_fill(~allowed, -3e4).flatten(1).max(1)
    return at // tokens, at % tokens, score


def _alike(tensors: Tensors, reading: int, start: float, end: float) -> tuple[bool, float]:
    """Return whether a span is an accepted answer, and its best token F1 with one."""
    shares, exact = [0.0], False
    for first, last in tensors.accepted(reading):
        both = min(end, last) - max(start, first) + 1
        shares.append(max(0.0, 2 * both / (end - start + last - first + 2)))
        exact |= first == start and last == end
    return exact, max(shares)
