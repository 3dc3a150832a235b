"""Batches of pairs of like length, each kind as often as the configuration says."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from training.entailment.arrays import PairArrays

Ints = NDArray[np.int64]
_TOGETHER = 40  # batches' worth of pairs that are sorted by length at once


def rounds(
    arrays: PairArrays, length: NDArray[np.integer], times: Mapping[str, float], tokens: int, seed: tuple[int, int]
) -> Iterator[tuple[Ints, Ints]]:
    """Yield batches of at most so many tokens, round after round, without end."""
    chance = np.random.default_rng(seed)
    share = np.array([times.get(str(name), 1.0) for name in arrays.kinds])[arrays.kind]
    share = np.where(arrays.held, 0.0, share)
    while True:
        count = np.floor(share).astype(np.int64) + (chance.random(len(share)) < share % 1)
        order = chance.permutation(np.repeat(np.arange(len(share)), count))
        size = max(1, int(_TOGETHER * tokens / length[order].mean()))
        for start in range(0, len(order), size):
            part = order[start : start + size]
            part = part[np.argsort(length[part] + chance.random(len(part)) * 8)]
            every = list(batches(part, length, tokens))
            for i in chance.permutation(len(every)):
                yield every[i], np.arange(len(every[i]))


def batches(order: Ints, length: NDArray[np.integer], tokens: int) -> Iterator[Ints]:
    """Yield consecutive parts of ``order`` that have at most so many tokens when padded; lengths should ascend."""
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * int(length[order[end]]) <= tokens:
            end += 1
        yield order[start:end]
        start = end
